/** RADD: absorbing diffusion by a network without time input (arXiv:2406.03736). */
@NullMarked
package dev.unmask.lm.family.radd;

import org.jspecify.annotations.NullMarked;
