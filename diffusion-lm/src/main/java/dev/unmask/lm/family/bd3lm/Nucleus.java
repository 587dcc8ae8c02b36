package dev.unmask.lm.family.bd3lm;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * BD3-LM's nucleus: the most probable tokens whose sum stays within a mass, one at least. The token
 * that crosses the mass is left out, unlike elsewhere in this library.
 *
 * @param mass in (0, 1]; 1 keeps all
 */
public record Nucleus(double mass) {
  public Nucleus {
    DecodeSettingException.check(mass > 0 && mass <= 1, "topP", "in (0, 1]", mass);
  }

  /**
   * @param p probabilities of the tokens of one position; not modified
   * @return those kept, normalised, zero for the others
   */
  public double[] filter(double[] p) {
    if (mass == 1) {
      return p.clone();
    }
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(token -> -p[token]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] kept = new double[p.length];
    double through = 0;
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      through += p[order[i]];
      if (i > 0 && through > mass) {
        break;
      }
      kept[order[i]] = p[order[i]];
      sum += p[order[i]];
    }
    for (int token = 0; token < kept.length; token++) {
      kept[token] /= sum;
    }
    return kept;
  }
}
