/** Notes on runs and experiments. */
@NullMarked
package dev.unmask.registry.note;

import org.jspecify.annotations.NullMarked;
