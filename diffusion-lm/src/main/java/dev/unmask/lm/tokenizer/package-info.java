/**
 * Text to token ids and back: bytes, byte-level BPE with its training, special ids, the mask id
 * among them.
 */
@NullMarked
package dev.unmask.lm.tokenizer;

import org.jspecify.annotations.NullMarked;
