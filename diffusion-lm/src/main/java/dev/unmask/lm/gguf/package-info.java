/**
 * GGUF, the single-file format of llama.cpp: checked and mapped into memory, its weights
 * dequantised, its vocabulary a tokenizer, its contents written out as a model directory.
 */
@NullMarked
package dev.unmask.lm.gguf;

import org.jspecify.annotations.NullMarked;
