/**
 * Which positions a denoising step commits: by confidence, entropy, margin, an even share or at
 * random. A policy sees the candidates of the masked positions and no model.
 */
@NullMarked
package dev.unmask.lm.decoding.policy;

import org.jspecify.annotations.NullMarked;
