/** BD3-LM: block diffusion trained with clipped noise schedules (arXiv:2503.09573). */
@NullMarked
package dev.unmask.lm.family.bd3lm;

import org.jspecify.annotations.NullMarked;
