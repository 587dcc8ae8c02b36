package dev.unmask.lm.family.sdar;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.LeftToRight;
import java.util.Set;
import java.util.stream.Collectors;

/** The arguments of SDAR's {@code block_diffusion_generate}, greedy. */
record PublishedArguments(JsonObject json) {
  DecodeSettings settings(DecodeSettings defaults) {
    return defaults
        .withMaxTokens(integer("gen_length"))
        .withBlockSize(integer("block_length"))
        .withPolicy(new EvenSplit(rule(), integer("denoising_steps")))
        .withSampling(0, 1);
  }

  /** Ids that end an answer, none by default. */
  Set<Integer> ends() {
    return json.has("stopping_criteria_idx")
        ? json.getAsJsonArray("stopping_criteria_idx").asList().stream()
            .map(JsonElement::getAsInt)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private EvenSplit.Rule rule() {
    String strategy = json.get("remasking_strategy").getAsString();
    return switch (strategy) {
      case "sequential" -> new LeftToRight(1);
      case "low_confidence_static" -> new FixedTokensPerStep(1);
      case "low_confidence_dynamic" -> new ConfidenceAbove(number("confidence_threshold", 0.85));
      case "entropy_bounded" -> new EntropyBound(number("eb_threshold", 0.35));
      default -> throw new IllegalArgumentException(strategy);
    };
  }

  private int integer(String name) {
    return json.get(name).getAsInt();
  }

  private double number(String name, double otherwise) {
    return json.has(name) ? json.get(name).getAsDouble() : otherwise;
  }
}
