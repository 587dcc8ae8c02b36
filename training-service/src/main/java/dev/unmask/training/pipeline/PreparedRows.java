package dev.unmask.training.pipeline;

import dev.unmask.lm.packing.CorpusTooSmallException;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.BytePairTrainer;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.TokenizerSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** What becomes of a corpus before training. */
record PreparedRows(
    Tokenizer tokenizer,
    PackedSequences training,
    PackedSequences validation,
    LibraryEngine.Facts facts) {
  /** The tokenizer that a spec asks for, trained on these texts where it is to be trained. */
  static Tokenizer tokenizer(SubmitJob spec, JobDirectory files, Supplier<List<String>> texts) {
    TokenizerSpec asked = spec.tokenizer();
    if (asked == null) {
      return Tokenizers.load(files.base());
    }
    Integer vocabulary = asked.vocabulary();
    return vocabulary == null
        ? new ByteTokenizer()
        : BytePairTrainer.train(texts.get(), vocabulary);
  }

  /** Packs the part that is held back. */
  static PackedSequences validation(Supplier<PackedSequences> packing) {
    try {
      return packing.get();
    } catch (CorpusTooSmallException small) {
      throw new JobFailedException(
          "CORPUS_TOO_SMALL",
          "the validation part is too small: " + small.getMessage(),
          "upload more text, or choose a larger validationFraction or smaller contextLength");
    }
  }

  static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
