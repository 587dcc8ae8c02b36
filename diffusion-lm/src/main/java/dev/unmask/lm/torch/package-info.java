/**
 * The one door to DJL and PyTorch: kernel archives, device, precision, scopes that free native
 * memory.
 */
@NullMarked
package dev.unmask.lm.torch;

import org.jspecify.annotations.NullMarked;
