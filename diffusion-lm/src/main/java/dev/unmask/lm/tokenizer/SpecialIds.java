package dev.unmask.lm.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * The ids that a model gives a meaning of its own.
 *
 * @param mask the absorbing id, null where it is one past the vocabulary (SEDD, RADD, MDLM, SMDM)
 * @param endOfText the id that ends a text, null where the model names none
 * @param padding the id after the end of a text, null where the model names none
 * @param rows rows of the model's embedding, 0 where unknown
 */
record SpecialIds(
    @Nullable Integer mask, @Nullable Integer endOfText, @Nullable Integer padding, int rows) {}
