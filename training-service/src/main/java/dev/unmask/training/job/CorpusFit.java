package dev.unmask.training.job;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.corpus.CorpusKind;
import dev.unmask.training.corpus.StoredCorpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Whether the phases of a job learn what its corpus holds. */
final class CorpusFit {
  private CorpusFit() {}

  /**
   * @throws UnmaskException SPEC_INVALID with a fault for each phase that does not
   */
  static void check(SubmitJob spec, StoredCorpus corpus) {
    List<FieldFault> faults = new ArrayList<>();
    List<PhaseSpec> phases = Objects.requireNonNull(spec.phases());
    boolean answers = corpus.kind() != CorpusKind.TEXT;
    for (int i = 0; i < phases.size(); i++) {
      if (MethodChoices.learnsAnswers(phases.get(i)) != answers) {
        String problem = answers ? textOfAnswers(phases.get(i), corpus) : answersOfText(corpus);
        faults.add(new FieldFault("phases[" + i + "].data", problem));
      }
    }
    if (corpus.kind() == CorpusKind.MESSAGES && spec.startFrom() == null) {
      faults.add(
          new FieldFault(
              "startFrom",
              "is required, because corpus \"%s\" holds messages: they are written by the chat"
                      .formatted(corpus.name())
                  + " template of an earlier model; or upload lines with prompt and answer"));
    }
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.SPEC_INVALID, faults);
    }
  }

  private static String answersOfText(StoredCorpus corpus) {
    return "is %s, but corpus \"%s\" is text: leave it out, or name a corpus of prompts and answers"
        .formatted(MethodOptions.ANSWERS, corpus.name());
  }

  private static String textOfAnswers(PhaseSpec phase, StoredCorpus corpus) {
    List<String> able =
        Families.methods().stream()
            .filter(method -> method.options().data().contains(MethodOptions.ANSWERS))
            .map(TrainingMethod::name)
            .toList();
    String holds = "corpus \"%s\" holds prompts and answers".formatted(corpus.name());
    return able.contains(phase.method())
        ? "must be %s, because %s: set it, or name a corpus of text"
            .formatted(MethodOptions.ANSWERS, holds)
        : "cannot be %s for %s, but %s: choose a method of %s, or name a corpus of text"
            .formatted(MethodOptions.ANSWERS, phase.method(), holds, able);
  }
}
