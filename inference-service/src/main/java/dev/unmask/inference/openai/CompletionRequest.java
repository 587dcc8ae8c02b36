package dev.unmask.inference.openai;

import dev.unmask.inference.generation.GenerationSpec;

/**
 * A validated body of {@code POST /v1/completions}.
 *
 * @param echo whether the prompt is repeated before the answer
 * @param includeUsage whether a stream ends with a usage chunk
 * @param includeDenoising whether a stream shows every denoising step
 */
record CompletionRequest(
    String model,
    GenerationSpec spec,
    boolean echo,
    boolean stream,
    boolean includeUsage,
    boolean includeDenoising) {}
