/** The transformer: its shape, its weights and its TorchScript kernels. */
@NullMarked
package dev.unmask.lm.backbone;

import org.jspecify.annotations.NullMarked;
