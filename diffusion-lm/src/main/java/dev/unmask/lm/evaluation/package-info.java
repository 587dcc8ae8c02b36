/** Likelihood bounds and the quality of generated text. */
@NullMarked
package dev.unmask.lm.evaluation;

import org.jspecify.annotations.NullMarked;
