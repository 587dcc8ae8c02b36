package dev.unmask.training.corpus;

import dev.unmask.lm.corpus.AnswerCorpus;
import dev.unmask.lm.corpus.Corpus;
import dev.unmask.lm.corpus.InvalidCorpusException;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a checked file holds.
 *
 * @param documents parts of a text, or examples
 */
record Contents(CorpusKind kind, long documents) {
  /**
   * @param name of the corpus, for the message
   * @throws UnmaskException CORPUS_EMPTY or CORPUS_NOT_TEXT
   */
  static Contents ofText(String name, Path file) {
    return checked(name, () -> new Contents(CorpusKind.TEXT, Corpus.inspect(file).documents()));
  }

  /**
   * @param name of the corpus, for the message
   * @throws UnmaskException CORPUS_EMPTY, CORPUS_NOT_TEXT or CORPUS_LINE_INVALID, which names line
   *     and field
   */
  static Contents ofAnswers(String name, Path file) {
    return checked(
        name,
        () -> {
          AnswerCorpus.Summary summary = AnswerCorpus.inspect(file);
          CorpusKind kind =
              summary.conversations() ? CorpusKind.MESSAGES : CorpusKind.PROMPT_ANSWER;
          return new Contents(kind, summary.examples());
        });
  }

  private static Contents checked(String name, Supplier<Contents> inspection) {
    try {
      return inspection.get();
    } catch (InvalidCorpusException refused) {
      String message = String.valueOf(refused.getMessage());
      throw switch (refused.reason()) {
        case EMPTY -> new UnmaskException(ErrorCode.CORPUS_EMPTY, message, refused);
        case NOT_UTF8, CONTROL_CHARACTER, TOO_LARGE ->
            new UnmaskException(ErrorCode.CORPUS_NOT_TEXT, message, refused);
        case BAD_LINE ->
            new UnmaskException(
                ErrorCode.CORPUS_LINE_INVALID,
                "corpus \"%s\", %s; nothing was stored: correct the line and upload again"
                    .formatted(name, message),
                List.of(new FieldFault(where(refused), message)));
      };
    }
  }

  private static String where(InvalidCorpusException refused) {
    String line = "line " + refused.line();
    return refused.field().isEmpty() ? line : line + ": " + refused.field();
  }
}
