/**
 * Denoising score matching: continuous diffusion of token embeddings by a network that is told the
 * noise level (arXiv:1907.05600, arXiv:2011.13456; for text arXiv:2205.14217, arXiv:2211.15089),
 * which may be every token's own ({@link dev.unmask.lm.family.dsm.TokenClocks}). What the discrete
 * families replace, and where their words come from.
 */
@NullMarked
package dev.unmask.lm.family.dsm;

import org.jspecify.annotations.NullMarked;
