package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Whether memory grows while a network trains, by a process of its own whose whole heap is resident
 * from the beginning: a heap that is only reserved grows with every page that garbage comes to for
 * the first time.
 */
final class SteadyTraining {

  /** Steps until code is compiled and the allocator has what it keeps for itself. */
  static final int SETTLED = 500;

  private static final int BATCH = 8;
  private static final List<String> RESIDENT_HEAP =
      List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

  private SteadyTraining() {}

  /**
   * Resident bytes.
   *
   * @param settled after {@link #SETTLED} steps
   */
  record Memory(long settled, long end) {}

  /**
   * @throws IllegalStateException if the process fails
   */
  static Memory inAProcess(int steps) {
    ProcessBuilder builder = ChildProcess.of(SteadyTraining.class, RESIDENT_HEAP);
    builder.command().add(Integer.toString(steps));
    try {
      Process process = builder.start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException("the process that trained ended with status " + status);
      }
      String[] bytes = answer.split(" ");
      return new Memory(Long.parseLong(bytes[0]), Long.parseLong(bytes[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for training", e);
    }
  }

  /** Trains as many steps as its one argument says; prints bytes settled and at the end. */
  static void main(String[] arguments) {
    int steps = Integer.parseInt(arguments[0]);
    BackboneConfig backbone = BackboneConfig.llama(1025, 4, 128, 4, 344, 64, 8);
    try (Trainer trainer =
        Trainer.start(
            LibraryShapes.plan(backbone, new Autoregressive(), BATCH, Precision.F32, steps),
            LibraryShapes.text(backbone, BATCH))) {
      long settled = 0;
      for (int step = 1; !trainer.finished(); step++) {
        trainer.step();
        if (step == SETTLED) {
          settled = ResidentMemory.now();
        }
      }
      System.out.println(settled + " " + ResidentMemory.now());
    }
  }
}
