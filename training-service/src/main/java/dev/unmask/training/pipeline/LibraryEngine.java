package dev.unmask.training.pipeline;

import dev.unmask.lm.corpus.Corpus;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.packing.CorpusTooSmallException;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.BytePairTrainer;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.api.SubmitJob.TokenizerSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
   * What bits per byte need to know of the validation text.
   *
   * @param validationTokens tokens of the whole validation part
   * @param validationBytes its length in UTF-8
   */
  record Facts(long validationTokens, long validationBytes) {}

  @Override
  public void prepare(SubmitJob spec, Path corpus, JobDirectory files, Path directory) {
    CorpusSplit split =
        CorpusSplit.of(Corpus.read(corpus), Objects.requireNonNull(spec.validationFraction()));
    Tokenizer tokenizer = tokenizer(spec, files, split.training());
    tokenizer.save(directory);
    int length = PlanOf.contextLength(spec, files);
    List<int[]> training = encode(tokenizer, split.training());
    List<int[]> validation = encode(tokenizer, split.validation());
    Packer.pack(training, length, tokenizer.endOfText()).save(directory.resolve(TRAINING));
    packValidation(validation, length, tokenizer).save(directory.resolve(VALIDATION));
    Facts facts = new Facts(tokens(validation), bytes(split.validation()));
    json.writeValue(directory.resolve(FACTS).toFile(), facts);
    log.info(
        "prepared {} training and {} validation tokens, vocabulary {}",
        tokens(training),
        facts.validationTokens(),
        tokenizer.vocabularySize());
  }

  private static Tokenizer tokenizer(SubmitJob spec, JobDirectory files, List<String> training) {
    TokenizerSpec asked = spec.tokenizer();
    if (asked == null) {
      return Tokenizers.load(files.base());
    }
    Integer vocabulary = asked.vocabulary();
    return vocabulary == null ? new ByteTokenizer() : BytePairTrainer.train(training, vocabulary);
  }

  private static PackedSequences packValidation(
      List<int[]> validation, int length, Tokenizer tokenizer) {
    try {
      return Packer.pack(validation, length, tokenizer.endOfText());
    } catch (CorpusTooSmallException small) {
      throw new JobFailedException(
          "CORPUS_TOO_SMALL",
          "the validation part is too small: " + small.getMessage(),
          "upload more text, or choose a larger validationFraction or smaller contextLength");
    }
  }

  private static List<int[]> encode(Tokenizer tokenizer, List<String> texts) {
    List<int[]> encoded = new ArrayList<>(texts.size());
    texts.forEach(text -> encoded.add(tokenizer.encode(text)));
    return encoded;
  }

  private static long tokens(List<int[]> documents) {
    return documents.stream().mapToLong(ids -> ids.length).sum();
  }

  private static long bytes(List<String> texts) {
    return texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
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
    return new LibrarySession(plan.open(training(files), checkpoint), tokenizer, validation, facts);
  }

  private static PackedSequences training(JobDirectory files) {
    return PackedSequences.load(files.prepared().resolve(TRAINING));
  }
}
