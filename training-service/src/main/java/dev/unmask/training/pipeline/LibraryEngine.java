package dev.unmask.training.pipeline;

import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.job.MethodChoices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The library's trainer behind the pipeline's view of it. */
@Component
class LibraryEngine implements TrainingEngine {
  private static final Logger log = LoggerFactory.getLogger(LibraryEngine.class);
  private static final String TRAINING = "training.bin";
  private static final String VALIDATION = "validation.bin";
  private static final String FACTS = "facts.json";

  private final JsonMapper json;

  LibraryEngine(JsonMapper json) {
    this.json = json;
  }

  /**
   * What is told of the corpus, and what bits per byte need to know of the validation part.
   *
   * @param validationTokens tokens of the whole validation part; of answers, their ends among them
   * @param validationBytes its length in UTF-8
   * @param leftOut examples that did not fit into a row
   */
  record Facts(long validationTokens, long validationBytes, int leftOut) {}

  @Override
  public void prepare(SubmitJob spec, Path corpus, JobDirectory files, Path directory) {
    PreparedRows rows =
        Objects.requireNonNull(spec.phases()).stream().anyMatch(MethodChoices::learnsAnswers)
            ? AnswerRowsOf.corpus(spec, corpus, files)
            : TextRowsOf.corpus(spec, corpus, files);
    rows.tokenizer().save(directory);
    rows.training().save(directory.resolve(TRAINING));
    rows.validation().save(directory.resolve(VALIDATION));
    json.writeValue(directory.resolve(FACTS).toFile(), rows.facts());
    log.info(
        "prepared {} training rows of {} tokens, {} validation tokens, vocabulary {}; left out {}",
        rows.training().count(),
        rows.training().length(),
        rows.facts().validationTokens(),
        rows.tokenizer().vocabularySize(),
        rows.facts().leftOut());
  }

  @Override
  public double millisPerStep(SubmitJob spec, JobDirectory files, int phase) {
    List<Integer> anyCount = Objects.requireNonNull(spec.phases()).stream().map(p -> 1).toList();
    Tokenizer tokenizer = Tokenizers.load(files.prepared());
    double millis =
        PlanOf.spec(spec, anyCount, files, tokenizer).measureMillisPerStep(training(files), phase);
    PhaseSpec measured = Objects.requireNonNull(spec.phases()).get(phase);
    log.info("an optimizer step of phase {} takes {} ms", measured, Math.round(millis));
    return millis;
  }

  @Override
  public TrainingSession open(SubmitJob spec, List<Integer> phaseSteps, JobDirectory files) {
    Tokenizer tokenizer = Tokenizers.load(files.prepared());
    MethodPlan plan = PlanOf.spec(spec, phaseSteps, files, tokenizer);
    PackedSequences validation = PackedSequences.load(files.prepared().resolve(VALIDATION));
    Facts facts = json.readValue(files.prepared().resolve(FACTS).toFile(), Facts.class);
    Path checkpoint = Files.exists(files.checkpoint()) ? files.checkpoint() : null;
    return new LibrarySession(
        plan.open(training(files), checkpoint), tokenizer, validation, facts, files, plan.seed());
  }

  private static PackedSequences training(JobDirectory files) {
    return PackedSequences.load(files.prepared().resolve(TRAINING));
  }
}
