/** Fast-dLLM v2: block diffusion from Qwen2.5 with shifted predictions (arXiv:2509.26328). */
@NullMarked
package dev.unmask.lm.family.fastdllm2;

import org.jspecify.annotations.NullMarked;
