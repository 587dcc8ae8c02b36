/** Keys and values that clients choose: their rules and their tables. */
@NullMarked
package dev.unmask.registry.tag;

import org.jspecify.annotations.NullMarked;
