package dev.unmask.inference.generation;

import dev.unmask.inference.deployment.ServedModel;
import dev.unmask.lm.decoding.DecodeSettings;
import java.util.List;

/**
 * A request that fits the model, with every setting decided.
 *
 * @param prompts token ids, one array a prompt
 * @param samples answers to each prompt
 */
public record GenerationPlan(
    ServedModel served, List<int[]> prompts, int samples, int[] suffix, DecodeSettings settings) {

  /** Number of choices: the samples of the first prompt, then those of the second. */
  public int choices() {
    return prompts.size() * samples;
  }

  /** Tokens of all prompts and their suffixes. */
  public int promptTokens() {
    return prompts.stream().mapToInt(prompt -> prompt.length + suffix.length).sum();
  }

  /** Text of a choice's prompt, as its tokens spell it. */
  public String promptText(int choice) {
    return served.model().tokenizer().decode(promptOf(choice));
  }

  int[] promptOf(int choice) {
    return prompts.get(choice / samples);
  }
}
