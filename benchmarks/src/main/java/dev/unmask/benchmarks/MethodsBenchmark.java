package dev.unmask.benchmarks;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validation likelihood by method on tinyshakespeare characters: the same network (4 layers, width
 * 128, 64 characters), optimizer and tokens for all, over several seeds. The published order is
 * autoregressive, then block diffusion by growing block, then masked diffusion (BD3-LM,
 * arXiv:2503.09573, table 3). The autoregressive row of the shape and budget of nanoGPT's set-up
 * for a CPU compares with its 1.88 nats.
 */
final class MethodsBenchmark implements Benchmark {
  private static final Logger log = LoggerFactory.getLogger(MethodsBenchmark.class);
  private static final ByteTokenizer CHARACTERS = new ByteTokenizer();
  private static final int LENGTH = 64;
  private static final int BATCH = 12;
  private static final int NANO_STEPS = 2_000;
  private static final double NANO_NATS = 1.88;
  private static final double NANO_MARGIN = 0.02;
  private static final int SEEDS = 3;
  private static final int VALIDATED = 1_700;
  private static final int STEPS_A_LOG_LINE = 1_000;

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
    Split text = Split.of(options.text());
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
            .with("tokens", (long) nanoSteps * BATCH * LENGTH));
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
                .with("tokens", (long) steps * BATCH * LENGTH));
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

  private static double nats(String method, int blockSize, int steps, long seed, Split text) {
    TrainingMethod trained = Families.method(method);
    MethodChoice choice = trained.options().defaults();
    MethodPlan plan =
        new MethodPlan(
            List.of(
                new Phase(
                    trained, blockSize == 0 ? choice : choice.withBlockSize(blockSize), steps)),
            new Start.Fresh(new NetworkSize(CHARACTERS.vocabularySize(), 4, 128, 4, 344, LENGTH)),
            CHARACTERS,
            new OptimizerSettings(1e-3, 0.9, 0.99, 1e-8, 0.1, 1, 100, Decay.COSINE, 0.99),
            BATCH,
            seed,
            PrecisionChoice.AUTO);
    try (TrainingRun run = plan.open(text.training(), null)) {
      while (!run.finished()) {
        var step = run.step();
        if (step.step() % STEPS_A_LOG_LINE == 0) {
          log.info(
              "{} {}, seed {}: step {}, {} nats",
              method,
              blockSize,
              seed,
              step.step(),
              step.loss());
        }
      }
      return run.validate(text.validation(), VALIDATED).natsPerToken();
    }
  }

  /** The first nine tenths to learn from, the rest to validate with, as nanoGPT splits it. */
  private record Split(PackedSequences training, PackedSequences validation) {
    static Split of(Path file) {
      String text;
      try {
        text = Files.readString(file, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "no text at " + file + ": name one by --text, tinyshakespeare for published figures",
            e);
      }
      int cut = (int) (0.9 * text.length());
      return new Split(packed(text.substring(0, cut)), packed(text.substring(cut)));
    }

    private static PackedSequences packed(String text) {
      return Packer.pack(List.of(CHARACTERS.encode(text)), LENGTH, CHARACTERS.endOfText());
    }
  }
}
