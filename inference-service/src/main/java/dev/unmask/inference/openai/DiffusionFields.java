package dev.unmask.inference.openai;

import dev.unmask.inference.api.CacheMode;
import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.lm.decoding.DecodeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The decode settings of a request: OpenAI's own fields, the {@code diffusion} object, and the flat
 * names that clients of LLaDA and Fast-dLLM send at top level. A setting named twice is refused.
 */
final class DiffusionFields {
  private static final Set<String> KNOWN =
      new TreeSet<>(
          List.of(
              "steps",
              "block_length",
              "threshold",
              "factor",
              "tokens_per_step",
              "remasking",
              "cache",
              "cfg_scale"));
  private static final int MOST_TOKENS = 131_072;

  private final BodyFields top;
  private final BodyFields diffusion;

  private DiffusionFields(BodyFields top, BodyFields diffusion) {
    this.top = top;
    this.diffusion = diffusion;
  }

  static DecodingSettings read(BodyFields top, BodyFields diffusion) {
    diffusion.refuseOthers(KNOWN);
    return new DiffusionFields(top, diffusion).read();
  }

  /** The settings that were used, by the names that a request gives them. */
  static Map<String, Object> echo(DecodeSettings settings) {
    Map<String, Object> echoed = new LinkedHashMap<>();
    echoed.put("block_length", settings.blockSize());
    echoed.putAll(settings.policy().settings());
    echoed.put("cache", settings.cache().name().toLowerCase(Locale.ROOT));
    echoed.put("temperature", settings.temperature());
    echoed.put("top_p", settings.topP());
    echoed.put("seed", settings.seed());
    echoed.put("max_tokens", settings.maxTokens());
    return echoed;
  }

  private DecodingSettings read() {
    refuseUnsupported();
    Integer maxTokens = maxTokens();
    Double threshold = holder("threshold").number("threshold", 0, true, 1);
    Double factor = holder("factor").number("factor", 0, true, 1000);
    Integer tokensPerStep = holder("tokens_per_step").small("tokens_per_step", 1, 4096);
    Integer steps = holder("steps").small("steps", 1, MOST_TOKENS);
    refuseTwoPolicies();
    if (steps != null) {
      tokensPerStep = tokensPerStep(steps, maxTokens);
    }
    return new DecodingSettings(
        holder("block_length").small("block_length", 1, 4096),
        threshold,
        tokensPerStep,
        factor,
        cache(),
        top.number("temperature", 0, false, 2),
        top.number("top_p", 0, true, 1),
        top.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        maxTokens);
  }

  private @Nullable Integer maxTokens() {
    Integer maxTokens = top.small("max_tokens", 1, MOST_TOKENS);
    Integer generated = top.small("gen_length", 1, MOST_TOKENS);
    if (maxTokens != null && generated != null) {
      throw top.invalid("gen_length", "says the same as max_tokens, send one of them");
    }
    return maxTokens == null ? generated : maxTokens;
  }

  /** LLaDA's setting: all steps of the answer, so many tokens at each of them. */
  private int tokensPerStep(int steps, @Nullable Integer maxTokens) {
    if (maxTokens == null) {
      throw holder("steps").invalid("steps", "needs max_tokens");
    }
    return Math.ceilDiv(maxTokens, steps);
  }

  private void refuseTwoPolicies() {
    List<String> named =
        List.of("threshold", "factor", "tokens_per_step", "steps").stream()
            .filter(name -> holder(name).has(name))
            .toList();
    if (named.size() > 1) {
      String second = named.get(1);
      throw holder(second).invalid(second, "excludes " + named.getFirst() + ", send one of them");
    }
  }

  private @Nullable CacheMode cache() {
    BodyFields holder = holder("cache");
    String name = holder.text("cache");
    return switch (name) {
      case null -> null;
      case "none" -> CacheMode.NONE;
      case "prefix" -> CacheMode.PREFIX;
      case "dual" -> CacheMode.DUAL;
      case "block" -> CacheMode.BLOCK;
      default -> throw holder.invalid("cache", "must be none, prefix, dual or block, was " + name);
    };
  }

  private void refuseUnsupported() {
    BodyFields remasking = holder("remasking");
    String rule = remasking.text("remasking");
    if (rule != null && !rule.equals("low_confidence")) {
      throw remasking.unsupported("remasking", "supports only low_confidence, was " + rule);
    }
    BodyFields guidance = holder("cfg_scale");
    Double scale = guidance.number("cfg_scale", 0, false, 100);
    if (scale != null && scale != 0) {
      throw guidance.unsupported("cfg_scale", "is not supported, leave it out or send 0");
    }
  }

  private BodyFields holder(String name) {
    if (diffusion.has(name) && top.has(name)) {
      throw top.invalid(name, "is also in the diffusion object, send it once");
    }
    return diffusion.has(name) ? diffusion : top;
  }
}
