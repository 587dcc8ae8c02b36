package dev.unmask.training.pipeline;

import dev.unmask.lm.corpus.Corpus;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.training.api.SubmitJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Packed rows of text. */
final class TextRowsOf {
  private TextRowsOf() {}

  static PreparedRows corpus(SubmitJob spec, Path corpus, JobDirectory files) {
    CorpusSplit split =
        CorpusSplit.of(Corpus.read(corpus), Objects.requireNonNull(spec.validationFraction()));
    Tokenizer tokenizer = PreparedRows.tokenizer(spec, files, split::training);
    int length = PlanOf.contextLength(spec, files);
    List<int[]> training = encode(tokenizer, split.training());
    List<int[]> validation = encode(tokenizer, split.validation());
    long tokens = validation.stream().mapToLong(ids -> ids.length).sum();
    long bytes = split.validation().stream().mapToLong(PreparedRows::bytes).sum();
    return new PreparedRows(
        tokenizer,
        Packer.pack(training, length, tokenizer.endOfText()),
        PreparedRows.validation(() -> Packer.pack(validation, length, tokenizer.endOfText())),
        new LibraryEngine.Facts(tokens, bytes, 0));
  }

  private static List<int[]> encode(Tokenizer tokenizer, List<String> texts) {
    return texts.stream().map(tokenizer::encode).toList();
  }
}
