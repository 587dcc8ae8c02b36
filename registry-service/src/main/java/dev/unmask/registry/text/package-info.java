/** Texts that people write: which of them can be kept. */
@NullMarked
package dev.unmask.registry.text;

import org.jspecify.annotations.NullMarked;
