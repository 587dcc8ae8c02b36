/** Losses, one class each: autoregressive, denoising cross-entropy, block diffusion. */
@NullMarked
package dev.unmask.lm.objective;

import org.jspecify.annotations.NullMarked;
