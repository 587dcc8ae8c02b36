package dev.unmask.lm.corpus;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A prompt and the answer to learn, or a conversation whose answers are learned. */
public sealed interface Example {
  /**
   * A text and how it goes on, both as they are.
   *
   * @param prompt with a character that is no white space
   * @param answer with a character that is no white space
   */
  record Pair(String prompt, String answer) implements Example {
    @Override
    public String question() {
      return prompt;
    }

    @Override
    public List<String> texts() {
      return List.of(prompt, answer);
    }
  }

  /**
   * A conversation, which a chat template writes.
   *
   * @param turns two at least; the last is the assistant's, the first is not
   */
  record Conversation(List<Turn> turns) implements Example {
    public Conversation {
      turns = List.copyOf(turns);
    }

    /** What was said before the assistant first spoke. */
    @Override
    public String question() {
      StringBuilder question = new StringBuilder();
      for (Turn turn : turns) {
        if (turn.isAnswer()) {
          break;
        }
        question.append(turn.role()).append(Corpus.SEPARATOR);
        question.append(turn.content()).append(Corpus.SEPARATOR);
      }
      return question.toString();
    }

    @Override
    public List<String> texts() {
      return turns.stream().map(Turn::content).toList();
    }
  }

  /**
   * What one side said.
   *
   * @param role {@code system}, {@code user}, {@code assistant} or another that templates know
   */
  record Turn(String role, String content) {
    static final String ASSISTANT = "assistant";

    /** Whether it is the assistant's. */
    public boolean isAnswer() {
      return role.equals(ASSISTANT);
    }
  }

  /** What is asked: examples of one question stand on one side of a split. */
  String question();

  /** All texts, for training a tokenizer. */
  List<String> texts();

  /** SHA-256 of the question, 64 hexadecimal digits. */
  default String fingerprint() {
    return Sha256.hex(question().getBytes(StandardCharsets.UTF_8));
  }
}
