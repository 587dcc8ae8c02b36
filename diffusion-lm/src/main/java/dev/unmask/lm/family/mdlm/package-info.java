/** Masked diffusion language models with the SUBS parameterisation (MDLM, arXiv:2406.07524). */
@NullMarked
package dev.unmask.lm.family.mdlm;

import org.jspecify.annotations.NullMarked;
