/**
 * Samplers and the loops of denoising steps, with their caches; counts NFE and tokens per forward.
 */
@NullMarked
package dev.unmask.lm.decoding;

import org.jspecify.annotations.NullMarked;
