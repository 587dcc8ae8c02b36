package dev.unmask.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Validation likelihood by method on tinyshakespeare characters: the same network (4 layers, width
 * 128, 64 characters), optimizer and tokens for all, over several seeds. The published order is
 * autoregressive, then block diffusion by growing block, then masked diffusion (BD3-LM,
 * arXiv:2503.09573, table 3). The autoregressive row of the shape and budget of nanoGPT's set-up
 * for a CPU compares with its 1.88 nats.
 */
final class MethodsBenchmark implements Benchmark {
  private static final int BATCH = 12;
  private static final int NANO_STEPS = 2_000;
  private static final double NANO_NATS = 1.88;
  private static final double NANO_MARGIN = 0.02;
  private static final int SEEDS = 3;

  @Override
  public String name() {
    return "methods";
  }

  @Override
  public String description() {
    return "tinyshakespeare (--text): nats a character by method, same network and tokens, 3 seeds";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    CharacterText text = CharacterText.of(options.text());
    int seeds = options.repeats(SEEDS);
    int nanoSteps = options.quick() ? 20 : NANO_STEPS;
    double nano = nats("ar", 0, nanoSteps, 1, text);
    results.accept(
        Result.of(
                name(),
                "ar, nanoGPT's budget: nats a character below its 1.88",
                NANO_NATS - nano,
                "nats")
            .withGoal(-NANO_MARGIN * NANO_NATS)
            .with("nats", nano)
            .with("tokens", (long) nanoSteps * BATCH * CharacterText.LENGTH));
    int steps = options.quick() ? 20 : options.steps();
    int inOrder = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      Map<String, Double> nats = new LinkedHashMap<>();
      nats.put("ar", nats("ar", 0, steps, seed, text));
      nats.put("block diffusion 4", nats("block-diffusion", 4, steps, seed, text));
      nats.put("block diffusion 16", nats("block-diffusion", 16, steps, seed, text));
      nats.put("masked diffusion (radd)", nats("radd", 0, steps, seed, text));
      for (Map.Entry<String, Double> each : nats.entrySet()) {
        results.accept(
            Result.of(name(), each.getKey(), each.getValue(), "nats/character")
                .with("seed", seed)
                .with("tokens", (long) steps * BATCH * CharacterText.LENGTH));
      }
      inOrder += ascending(List.copyOf(nats.values())) ? 1 : 0;
    }
    results.accept(
        Result.of(name(), "seeds in the published order", inOrder, "seeds").withGoal(seeds));
  }

  private static boolean ascending(List<Double> values) {
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i) <= values.get(i - 1)) {
        return false;
      }
    }
    return true;
  }

  private static double nats(
      String method, int blockSize, int steps, long seed, CharacterText text) {
    return CharacterTraining.nats(
        CharacterTraining.plan(method, blockSize, CharacterTraining.SIZE, steps, BATCH, seed),
        text);
  }
}
