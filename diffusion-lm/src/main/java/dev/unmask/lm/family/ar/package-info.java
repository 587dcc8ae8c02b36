/** Autoregressive models: Llama, Qwen2 and Qwen3 checkpoints predicting the next token. */
@NullMarked
package dev.unmask.lm.family.ar;

import org.jspecify.annotations.NullMarked;
