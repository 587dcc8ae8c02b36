package dev.unmask.inference.openai;

import dev.unmask.inference.generation.GenerationEvent;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What one denoising step did, for those who want to watch.
 *
 * @param step denoising steps so far, from 1
 * @param nfe forward passes so far
 * @param committed the tokens it unmasked
 * @param maskedLeft positions still masked
 * @param textWithMasks the answer, one {@value #MASK} for each masked position
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record DenoisingFrame(
    int choice,
    int step,
    int nfe,
    int block,
    List<Token> committed,
    int maskedLeft,
    String textWithMasks) {

  private static final String MASK = "\u2591";

  /**
   * @param pos in the answer, from 0
   * @param token its text; a part of a character shows as U+FFFD
   * @param p its probability when it was drawn
   */
  record Token(int pos, String token, int id, double p) {}

  static DenoisingFrame of(GenerationEvent.Denoised event, Tokenizer tokenizer) {
    List<Token> committed =
        event.step().committed().stream()
            .map(
                c ->
                    new Token(
                        c.position(),
                        tokenizer.decode(new int[] {c.token()}),
                        c.token(),
                        c.probability()))
            .toList();
    return new DenoisingFrame(
        event.choice(),
        event.number(),
        event.step().nfe(),
        event.step().block(),
        committed,
        event.step().maskedLeft(),
        withMasks(event.tokens(), tokenizer));
  }

  private static String withMasks(int[] tokens, Tokenizer tokenizer) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= tokens.length; i++) {
      boolean masked = i < tokens.length && tokens[i] == tokenizer.maskId();
      if (masked || i == tokens.length) {
        text.append(tokenizer.decode(Arrays.copyOfRange(tokens, from, i)));
        text.append(masked ? MASK : "");
        from = i + 1;
      }
    }
    return text.toString();
  }
}
