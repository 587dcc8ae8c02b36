/** Decoding policies, samplers and the block decoder; counts NFE and tokens per forward. */
@NullMarked
package dev.unmask.lm.decoding;

import org.jspecify.annotations.NullMarked;
