/** One run's weights into the next: an autoregressive model becomes a block-diffusion model. */
@NullMarked
package dev.unmask.lm.conversion;

import org.jspecify.annotations.NullMarked;
