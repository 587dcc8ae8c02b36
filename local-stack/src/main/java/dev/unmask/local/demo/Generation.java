package dev.unmask.local.demo;

import tools.jackson.databind.JsonNode;

/**
 * One generated text and what it took.
 *
 * @param promptTokens tokens of the given text
 * @param tokens generated tokens
 * @param nfe forward passes of the model
 * @param tokensPerForward generated tokens over forward passes
 * @param seconds from the request to the last byte of the answer
 */
record Generation(
    String prompt,
    String text,
    int promptTokens,
    int tokens,
    int nfe,
    double tokensPerForward,
    double cacheHitRate,
    double seconds,
    double tokensPerSecond) {

  static Generation of(String prompt, String text, JsonNode usage, double seconds) {
    JsonNode diffusion = usage.path("diffusion");
    int tokens = usage.path("completion_tokens").asInt(0);
    int nfe = diffusion.path("nfe").asInt(0);
    return new Generation(
        prompt,
        text,
        usage.path("prompt_tokens").asInt(0),
        tokens,
        nfe,
        nfe == 0 ? 0 : (double) tokens / nfe,
        diffusion.path("cache_hit_rate").asDouble(0),
        seconds,
        tokens / seconds);
  }

  /** The figures in one line. */
  String figures() {
    return "%d tokens in %d forward passes (%.2f tokens each), %.2f s, %.0f tokens/s"
        .formatted(tokens, nfe, tokensPerForward, seconds, tokensPerSecond);
  }
}
