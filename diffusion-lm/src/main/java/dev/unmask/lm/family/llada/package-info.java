/** LLaDA: masked diffusion by a bidirectional Llama (arXiv:2502.09992). */
@NullMarked
package dev.unmask.lm.family.llada;

import org.jspecify.annotations.NullMarked;
