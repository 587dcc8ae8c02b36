/** Keys and values kept between denoising steps: prefix, dual, exact block. */
@NullMarked
package dev.unmask.lm.cache;

import org.jspecify.annotations.NullMarked;
