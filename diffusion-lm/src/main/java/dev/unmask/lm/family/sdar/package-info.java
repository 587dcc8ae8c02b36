/** SDAR: block diffusion from Qwen3 (arXiv:2510.06303). */
@NullMarked
package dev.unmask.lm.family.sdar;

import org.jspecify.annotations.NullMarked;
