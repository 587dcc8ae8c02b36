/** SMDM: masked diffusion at scale with unsupervised guidance (arXiv:2410.18514). */
@NullMarked
package dev.unmask.lm.family.smdm;

import org.jspecify.annotations.NullMarked;
