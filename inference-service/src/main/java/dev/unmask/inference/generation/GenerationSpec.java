package dev.unmask.inference.generation;

import dev.unmask.inference.api.DecodingSettings;
import java.util.List;

/**
 * What a caller wants generated.
 *
 * @param samples answers to each prompt
 * @param suffix text right of the answer; empty when nothing follows
 * @param decoding what the request says itself
 * @param stop texts that end an answer
 * @param ignoreEndOfText whether all of {@code maxTokens} is filled
 */
public record GenerationSpec(
    List<Prompt> prompts,
    int samples,
    String suffix,
    DecodingSettings decoding,
    List<String> stop,
    boolean ignoreEndOfText) {}
