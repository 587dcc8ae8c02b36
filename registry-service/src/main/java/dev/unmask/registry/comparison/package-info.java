/** What sets runs apart. */
@NullMarked
package dev.unmask.registry.comparison;

import org.jspecify.annotations.NullMarked;
