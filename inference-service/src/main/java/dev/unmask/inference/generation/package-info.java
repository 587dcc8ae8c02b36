/** Generation requests and their streamed results. */
@NullMarked
package dev.unmask.inference.generation;

import org.jspecify.annotations.NullMarked;
