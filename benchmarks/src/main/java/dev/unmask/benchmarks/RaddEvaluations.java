package dev.unmask.benchmarks;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.decoding.RaddRate;
import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.RaddSampler.Evaluation;
import dev.unmask.lm.decoding.RaddSampler.Uniforms;
import dev.unmask.lm.decoding.RaddStrategy;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How often a sampler without time has to ask its network, against the expectation n (1 - (1 -
 * 1/n)^l) for n steps and l tokens (RADD, arXiv:2406.03736): a step that reveals nothing needs no
 * forward pass.
 */
record RaddEvaluations(TrainedModels models, boolean quick) {
  private static final List<Integer> STEPS = List.of(4, 8, 16, 32, 64, 128, 256);
  private static final int SAMPLES = 32;
  private static final int QUICK_SAMPLES = 2;
  private static final double MARGIN_PERCENT = 3;

  void run(String benchmark, Consumer<Result> results) {
    try (Backbone network = BackboneLoader.load(models.radd(), PrecisionChoice.F32)) {
      for (int steps : STEPS) {
        results.accept(result(benchmark, network, steps));
      }
    }
  }

  private Result result(String benchmark, Backbone network, int steps) {
    int samples = quick ? QUICK_SAMPLES : SAMPLES;
    double mean = meanNfe(logits(network), network.config().maskId(), steps, samples);
    double expected = RaddSampler.expectedUpdates(steps, CharacterText.LENGTH);
    return Result.of(
            benchmark,
            "radd: evaluations off the expected number, %d steps".formatted(steps),
            100 * Math.abs(mean / expected - 1),
            "percent")
        .withLimit(MARGIN_PERCENT)
        .with("steps", steps)
        .with("tokens", CharacterText.LENGTH)
        .with("mean_nfe", mean)
        .with("expected_nfe", expected)
        .with("samples", samples);
  }

  /** Forward passes of a sample of {@link CharacterText#LENGTH} tokens, the mean of several. */
  static double meanNfe(RaddSampler.Network network, int maskId, int steps, int samples) {
    RaddSampler sampler =
        new RaddSampler(
            steps, RaddRate.TWEEDIE, new RaddStrategy.Direct(), Evaluation.LAZY, maskId);
    int[] canvas = new int[CharacterText.LENGTH];
    Arrays.fill(canvas, maskId);
    KeyedRandom random = KeyedRandom.of(1).split("radd-evaluations").split(steps);
    double nfe = 0;
    for (int i = 0; i < samples; i++) {
      nfe += sampler.sample(network, canvas, Uniforms.keyed(random.split(i))).nfe();
    }
    return nfe / samples;
  }

  private static RaddSampler.Network logits(Backbone network) {
    return (canvas, positions) -> {
      int[] all = IntStream.range(0, canvas.length).toArray();
      try (ForwardPass pass =
          network.forward(canvas, all, null, new AttentionLayout.Full(), positions)) {
        return pass.logitsInDouble();
      }
    };
  }
}
