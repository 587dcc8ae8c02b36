package dev.unmask.inference.openai;

import dev.unmask.inference.engine.GenerationReport;
import dev.unmask.lm.decoding.DecodeReport;
import java.util.Collection;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** What a request took: OpenAI's counts, and those of diffusion decoding beside them. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Usage(int promptTokens, int completionTokens, int totalTokens, Diffusion diffusion) {

  /**
   * @param nfe forward passes of all choices
   * @param steps denoising steps of all choices
   * @param tokensPerForward tokens unmasked per forward pass
   * @param cacheHitRate share of attended positions that came from a cache, in [0, 1)
   * @param msPerForward compute time of one forward pass, sampling included
   * @param tokensPerSecond completion tokens over the time from the first denoising step to the
   *     last, other requests' turns included
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Diffusion(
      int nfe,
      int steps,
      double tokensPerForward,
      int blocks,
      double cacheHitRate,
      double msPerForward,
      double tokensPerSecond) {}

  static Usage of(int promptTokens, Collection<GenerationReport> choices) {
    int completion = choices.stream().mapToInt(GenerationReport::tokens).sum();
    return new Usage(
        promptTokens, completion, promptTokens + completion, diffusion(completion, choices));
  }

  private static Diffusion diffusion(int completion, Collection<GenerationReport> choices) {
    DecodeReport all =
        choices.stream()
            .map(GenerationReport::decoding)
            .reduce(new DecodeReport(0, 0, 0, 0, 0, 0), Usage::sum);
    double seconds =
        choices.stream()
            .mapToDouble(c -> c.queued().plus(c.running()).toNanos() / 1e9)
            .max()
            .orElse(0);
    double waited = choices.stream().mapToDouble(c -> c.queued().toNanos() / 1e9).min().orElse(0);
    double span = seconds - waited;
    return new Diffusion(
        all.nfe(),
        choices.stream().mapToInt(GenerationReport::steps).sum(),
        all.tokensPerForward(),
        all.blocks(),
        all.cacheHitRate(),
        all.millisPerForward(),
        span > 0 ? completion / span : 0);
  }

  private static DecodeReport sum(DecodeReport a, DecodeReport b) {
    return new DecodeReport(
        a.nfe() + b.nfe(),
        a.tokens() + b.tokens(),
        a.blocks() + b.blocks(),
        a.cacheLookups() + b.cacheLookups(),
        a.cacheHits() + b.cacheHits(),
        a.millis() + b.millis());
  }
}
