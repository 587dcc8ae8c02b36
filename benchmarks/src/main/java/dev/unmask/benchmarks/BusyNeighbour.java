package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.Trainer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * How much training and decoding slow down while another thread keeps one core busy. Threads of one
 * operation wait for each other, so one that has lost its core holds up all.
 */
final class BusyNeighbour implements LibraryPart {

  private static final int BATCH = 8;
  private static final int STEPS = 8;
  private static final int WARM_UP = 3;
  private static final int TOKENS = 256;
  private static final double LIMIT = 2.5;

  @Override
  public void run(Options options, Consumer<Result> results) {
    training(options.repeats(STEPS), results);
    decoding(options.repeats(STEPS), results);
  }

  private static void training(int steps, Consumer<Result> results) {
    BackboneConfig backbone = LibraryShapes.twelveMillion(8);
    Precision precision = TrainingShare.picked(backbone);
    try (Trainer trainer =
        Trainer.start(
            LibraryShapes.plan(
                backbone, new Autoregressive(), BATCH, precision, 2 * (WARM_UP + steps)),
            LibraryShapes.text(backbone, BATCH))) {
      report("training step", steps, trainer::step, results);
    }
  }

  private static void decoding(int times, Consumer<Result> results) {
    try (Generator generator = CachedGeneration.generator()) {
      DecodeSettings settings =
          generator
              .defaults()
              .withMaxTokens(TOKENS)
              .withMayEnd(false)
              .withPolicy(new FixedTokensPerStep(1));
      int[] prompt = new ByteTokenizer().encode("Now is the winter of our discontent ");
      report("decoding", times, () -> Decode.run(generator, prompt, settings), results);
    }
  }

  private static void report(String what, int times, Runnable action, Consumer<Result> results) {
    Samples alone = Samples.milliseconds(WARM_UP, times, action);
    Samples beside;
    AtomicBoolean busy = new AtomicBoolean(true);
    Thread neighbour =
        Thread.ofPlatform()
            .name("busy-neighbour")
            .start(
                () -> {
                  while (busy.get()) {
                    Thread.onSpinWait();
                  }
                });
    try {
      beside = Samples.milliseconds(WARM_UP, times, action);
    } finally {
      busy.set(false);
    }
    join(neighbour);
    results.accept(
        Result.of(
                LibraryPart.BENCHMARK,
                what + " beside one busy thread, over alone",
                beside.median() / alone.median(),
                "ratio")
            .withLimit(LIMIT)
            .with("alone_milliseconds", alone.median())
            .with("beside_milliseconds", beside.median()));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
