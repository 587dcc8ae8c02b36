package dev.unmask.lm.family.fastdllm2;

import com.google.gson.JsonObject;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import java.util.Set;

/** The arguments of Fast-dLLM v2's {@code generate}, greedy. */
record PublishedArguments(JsonObject json) {
  DecodeSettings settings(DecodeSettings defaults) {
    boolean blockCache = json.has("use_block_cache") && json.get("use_block_cache").getAsBoolean();
    double threshold = json.has("threshold") ? json.get("threshold").getAsDouble() : 1;
    return defaults
        .withMaxTokens(json.get("max_new_tokens").getAsInt())
        .withBlockSize(json.get("small_block_size").getAsInt())
        .withPolicy(new ConfidenceAbove(threshold))
        .withCache(blockCache ? CacheKind.DUAL : CacheKind.BLOCK)
        .withSampling(0, 1);
  }

  /** Ids that end an answer, none if none is named. */
  Set<Integer> ends() {
    return json.has("stop_token") ? Set.of(json.get("stop_token").getAsInt()) : Set.of();
  }
}
