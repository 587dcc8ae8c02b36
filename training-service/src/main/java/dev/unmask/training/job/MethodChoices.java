package dev.unmask.training.job;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.training.api.SubmitJob.PhaseSpec;

/** The library's view of a phase whose defaults are filled in. */
public final class MethodChoices {
  private MethodChoices() {}

  public static MethodChoice of(PhaseSpec phase) {
    MethodChoice choice = Families.method(phase.method()).options().defaults();
    Integer blockSize = phase.blockSize();
    String loss = phase.loss();
    String schedule = phase.schedule();
    String graph = phase.graph();
    choice = blockSize == null ? choice : choice.withBlockSize(blockSize);
    choice = loss == null ? choice : choice.withLoss(loss);
    choice = schedule == null ? choice : choice.withSchedule(schedule);
    choice = graph == null ? choice : choice.withGraph(graph);
    return tuned(phase, choice);
  }

  private static MethodChoice tuned(PhaseSpec phase, MethodChoice plain) {
    String clip = phase.clip();
    Double unconditional = phase.unconditional();
    MethodChoice choice = clip == null ? plain : plain.withClip(clip);
    choice = learnsAnswers(phase) ? choice.forAnswers() : choice;
    return unconditional == null ? choice : choice.withUnconditional(unconditional);
  }

  /** Whether a phase is one of prompts and answers. */
  public static boolean learnsAnswers(PhaseSpec phase) {
    return MethodOptions.ANSWERS.equals(phase.data());
  }
}
