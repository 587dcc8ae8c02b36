/** Noise schedules, time sampling and the forward process: x0 to xt. */
@NullMarked
package dev.unmask.lm.corruption;

import org.jspecify.annotations.NullMarked;
