package dev.unmask.lm.chat;

import dev.unmask.lm.corpus.Example;
import dev.unmask.lm.corpus.Example.Conversation;
import dev.unmask.lm.corpus.Example.Pair;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Turns examples into tokens. A pair is encoded as it is written; a conversation by the chat
 * template, every answer in it given all that was said before.
 *
 * @param template of the model that is trained on from, if it has one
 */
public record AnswerEncoder(Tokenizer tokenizer, Optional<ChatTemplate> template) {
  /**
   * Encodes an example.
   *
   * @param consumer receives the ids of each prompt and of its answer
   * @throws ChatTemplateException if it is a conversation and there is no template, or the template
   *     does not accept it
   */
  public void encode(Example example, BiConsumer<int[], int[]> consumer) {
    switch (example) {
      case Pair(String prompt, String answer) ->
          consumer.accept(tokenizer.encode(prompt), tokenizer.encode(answer));
      case Conversation conversation -> encode(messages(conversation), consumer);
    }
  }

  private void encode(List<ChatMessage> messages, BiConsumer<int[], int[]> consumer) {
    ChatTemplate writing = template.orElseThrow(AnswerEncoder::missing);
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role().equals("assistant")) {
        consumer.accept(
            writing.prompt(tokenizer, messages.subList(0, i)),
            writing.answer(tokenizer, messages.subList(0, i + 1)));
      }
    }
  }

  private static ChatTemplateException missing() {
    return new ChatTemplateException(
        "messages need a chat template, and the model has none: write prompt and answer, or train"
            + " on from a model with one");
  }

  private static List<ChatMessage> messages(Conversation conversation) {
    return conversation.turns().stream()
        .map(turn -> new ChatMessage(turn.role(), turn.content()))
        .toList();
  }
}
