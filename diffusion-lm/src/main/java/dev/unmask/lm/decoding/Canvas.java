package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.util.BitSet;

/** What is given and what is to be filled. Given tokens are never changed. */
public sealed interface Canvas {
  /**
   * A prompt followed by {@code maxTokens} masked positions.
   *
   * @param prompt token ids; may be empty
   */
  record Completion(int[] prompt) implements Canvas {}

  /**
   * A prompt, {@code maxTokens} masked positions, and what comes after them.
   *
   * @param prompt token ids; may be empty
   * @param suffix token ids; not empty
   */
  record Infill(int[] prompt, int[] suffix) implements Canvas {
    public Infill {
      DecodeSettingException.check(suffix.length > 0, "suffix", "not empty", "empty");
    }
  }

  /**
   * Any positions of a sequence.
   *
   * @param ids token ids; what they are at masked positions does not matter
   * @param masked positions to fill, at least one, at most {@code maxTokens}
   */
  record Template(int[] ids, BitSet masked) implements Canvas {
    public Template {
      DecodeSettingException.check(
          !masked.isEmpty() && masked.length() <= ids.length,
          "masked",
          "one or more positions in [0, " + ids.length + ")",
          masked);
    }

    /** The positions that hold the mask id are those to fill. */
    public static Template of(int[] ids, int maskId) {
      BitSet masked = new BitSet();
      for (int i = 0; i < ids.length; i++) {
        masked.set(i, ids[i] == maskId);
      }
      return new Template(ids, masked);
    }
  }

  /** A prompt to be continued. */
  static Canvas completion(int... prompt) {
    return new Completion(prompt);
  }

  /** A gap between a prompt and a suffix; without a suffix, a completion. */
  static Canvas infill(int[] prompt, int[] suffix) {
    return suffix.length == 0 ? new Completion(prompt) : new Infill(prompt, suffix);
  }
}
