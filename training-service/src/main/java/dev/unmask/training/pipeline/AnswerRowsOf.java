package dev.unmask.training.pipeline;

import dev.unmask.lm.chat.AnswerEncoder;
import dev.unmask.lm.chat.ChatTemplate;
import dev.unmask.lm.chat.ChatTemplateException;
import dev.unmask.lm.corpus.AnswerCorpus;
import dev.unmask.lm.corpus.AnswerSplit;
import dev.unmask.lm.corpus.Example;
import dev.unmask.lm.packing.AnswerPacker;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.training.api.SubmitJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Rows of prompts and answers. */
final class AnswerRowsOf {
  private final AnswerEncoder encoder;
  private final int length;
  private long bytes;

  private AnswerRowsOf(AnswerEncoder encoder, int length) {
    this.encoder = encoder;
    this.length = length;
  }

  static PreparedRows corpus(SubmitJob spec, Path corpus, JobDirectory files) {
    AnswerSplit split =
        AnswerSplit.of(
            AnswerCorpus.read(corpus), Objects.requireNonNull(spec.validationFraction()));
    Tokenizer tokenizer =
        PreparedRows.tokenizer(
            spec,
            files,
            () -> split.training().stream().flatMap(one -> one.texts().stream()).toList());
    Optional<ChatTemplate> template =
        spec.startFrom() == null ? Optional.empty() : ChatTemplate.of(files.base());
    AnswerRowsOf rows =
        new AnswerRowsOf(new AnswerEncoder(tokenizer, template), PlanOf.contextLength(spec, files));
    AnswerPacker training = rows.packer(split.training());
    rows.bytes = 0;
    AnswerPacker validation = rows.packer(split.validation());
    return new PreparedRows(
        tokenizer,
        training.pack(),
        PreparedRows.validation(validation::pack),
        new LibraryEngine.Facts(
            validation.answerTokens(), rows.bytes, training.leftOut() + validation.leftOut()));
  }

  private AnswerPacker packer(List<Example> examples) {
    Tokenizer tokenizer = encoder.tokenizer();
    AnswerPacker packer = new AnswerPacker(length, tokenizer.endOfText());
    for (Example example : examples) {
      try {
        encoder.encode(
            example,
            (prompt, answer) -> {
              if (packer.add(prompt, answer)) {
                bytes += tokenizer.decodeBytes(answer).length;
              }
            });
      } catch (ChatTemplateException refused) {
        throw new JobFailedException(
            "CHAT_TEMPLATE",
            "the conversation that begins \"%s\": %s"
                .formatted(shortened(example.question()), refused.getMessage()),
            "correct the conversation, upload lines with prompt and answer, or start from another"
                + " model");
      }
    }
    return packer;
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
