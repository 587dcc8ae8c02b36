/** AdamW, learning-rate schedules, gradient clipping, exponential moving average. */
@NullMarked
package dev.unmask.lm.optimizer;

import org.jspecify.annotations.NullMarked;
