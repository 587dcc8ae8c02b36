/** Dream: masked diffusion from Qwen2 with shifted predictions (arXiv:2508.15487). */
@NullMarked
package dev.unmask.lm.family.dream;

import org.jspecify.annotations.NullMarked;
