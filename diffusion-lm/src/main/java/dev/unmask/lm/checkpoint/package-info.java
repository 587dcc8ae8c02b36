/** Safetensors, model directories and training state: written atomically, verified on read. */
@NullMarked
package dev.unmask.lm.checkpoint;

import org.jspecify.annotations.NullMarked;
