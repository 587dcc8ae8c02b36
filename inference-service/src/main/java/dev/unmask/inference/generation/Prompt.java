package dev.unmask.inference.generation;

/** What an answer continues: text, or token ids of the model's tokenizer. */
public sealed interface Prompt {
  record Text(String text) implements Prompt {}

  record Tokens(int[] ids) implements Prompt {}
}
