/** Score-entropy discrete diffusion (SEDD, arXiv:2310.16834): absorbing and uniform. */
@NullMarked
package dev.unmask.lm.family.sedd;

import org.jspecify.annotations.NullMarked;
