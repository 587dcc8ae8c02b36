/** What came from what, from data sets to deployments, and who serves which version. */
@NullMarked
package dev.unmask.registry.lineage;

import org.jspecify.annotations.NullMarked;
