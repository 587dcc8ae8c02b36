package dev.unmask.training.job;

import dev.unmask.lm.family.MethodChoice;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import org.jspecify.annotations.Nullable;

/** The library's view of a phase whose defaults are filled in. */
public final class MethodChoices {
  private MethodChoices() {}

  public static MethodChoice of(PhaseSpec phase) {
    Integer blockSize = phase.blockSize();
    return new MethodChoice(
        blockSize == null ? 0 : blockSize,
        orNone(phase.loss()),
        orNone(phase.schedule()),
        orNone(phase.graph()));
  }

  private static String orNone(@Nullable String choice) {
    return choice == null ? "" : choice;
  }
}
