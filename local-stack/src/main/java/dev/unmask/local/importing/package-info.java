/** Models of others, brought into the registry and served. */
@NullMarked
package dev.unmask.local.importing;

import org.jspecify.annotations.NullMarked;
