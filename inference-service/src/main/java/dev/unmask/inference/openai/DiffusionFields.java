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
              "algorithm",
              "remasking",
              "alg",
              "top_k",
              "cache",
              "cfg_scale"));
  private static final List<String> ALGORITHM_NAMES = List.of("algorithm", "remasking", "alg");
  private static final int MOST_TOKENS = 131_072;
  private static final int MOST_TOP_K = 1_000_000;

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
    echoed.put("top_k", settings.topK());
    echoed.put("cfg_scale", settings.guidance());
    echoed.put("seed", settings.seed());
    echoed.put("max_tokens", settings.maxTokens());
    return echoed;
  }

  private DecodingSettings read() {
    String algorithm = algorithm();
    refuseTwoPolicies(algorithm);
    return new DecodingSettings(
        holder("block_length").small("block_length", 1, 4096),
        holder("threshold").number("threshold", 0, true, 1),
        holder("tokens_per_step").small("tokens_per_step", 1, 4096),
        holder("factor").number("factor", 0, true, 1000),
        cache(),
        top.number("temperature", 0, false, 2),
        top.number("top_p", 0, true, 1),
        top.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        maxTokens(),
        algorithm,
        holder("steps").small("steps", 1, MOST_TOKENS),
        holder("cfg_scale").number("cfg_scale", 0, false, 100),
        holder("top_k").small("top_k", 0, MOST_TOP_K));
  }

  /** By this suite's name, LLaDA's or Dream's. */
  private @Nullable String algorithm() {
    List<String> named = present(ALGORITHM_NAMES);
    if (named.size() > 1) {
      String second = named.get(1);
      throw holder(second)
          .invalid(second, "says the same as " + named.getFirst() + ", send one of them");
    }
    return named.isEmpty() ? null : holder(named.getFirst()).text(named.getFirst());
  }

  private List<String> present(List<String> names) {
    return names.stream().filter(name -> holder(name).has(name)).toList();
  }

  private @Nullable Integer maxTokens() {
    Integer maxTokens = top.small("max_tokens", 1, MOST_TOKENS);
    Integer generated = top.small("gen_length", 1, MOST_TOKENS);
    if (maxTokens != null && generated != null) {
      throw top.invalid("gen_length", "says the same as max_tokens, send one of them");
    }
    return maxTokens == null ? generated : maxTokens;
  }

  private void refuseTwoPolicies(@Nullable String algorithm) {
    List<String> ways =
        algorithm == null
            ? List.of("threshold", "factor", "tokens_per_step", "steps")
            : List.of("factor", "tokens_per_step");
    List<String> named = present(ways);
    if (algorithm != null && !named.isEmpty()) {
      String field = named.getFirst();
      throw holder(field)
          .invalid(field, "excludes algorithm " + algorithm + ", which goes by steps");
    }
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

  private BodyFields holder(String name) {
    if (diffusion.has(name) && top.has(name)) {
      throw top.invalid(name, "is also in the diffusion object, send it once");
    }
    return diffusion.has(name) ? diffusion : top;
  }
}
