/** How many requests are handled at once, and what the others are told. */
@NullMarked
package dev.unmask.registry.admission;

import org.jspecify.annotations.NullMarked;
