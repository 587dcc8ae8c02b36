package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import java.util.List;

/**
 * How a canvas is decoded. The same settings, model and canvas give the same text.
 *
 * @param maxTokens masked positions to fill at most, in [1, 131072]
 * @param blockSize consecutive tokens denoised together, in [1, 4096]
 * @param policy which positions each denoising step unmasks
 * @param cache what is kept between forward passes; must suit the model's attention layout
 * @param temperature 0 takes the most probable token; otherwise logits are divided by it; in [0,
 *     10]
 * @param topP draw from the smallest set of tokens that reaches this probability (the token that
 *     crosses it is kept), in (0, 1]; 1 keeps all
 * @param seed key of all draws
 * @param stop texts that end the answer; the answer holds nothing from the first of them on
 * @param mayEnd whether the model may end a completion by its end of text; otherwise that is never
 *     drawn and all of {@code maxTokens} is filled. A gap with text behind it never ends early
 * @param guidance scale of unsupervised classifier-free guidance by a second forward pass without
 *     the given tokens, for full-attention models; in [0, 100], 0 for none
 * @param topK draw from this many most probable tokens at most; 0 keeps all
 */
public record DecodeSettings(
    int maxTokens,
    int blockSize,
    DecodingPolicy policy,
    CacheKind cache,
    double temperature,
    double topP,
    long seed,
    List<String> stop,
    boolean mayEnd,
    double guidance,
    int topK) {
  private static final int MAX_STOPS = 16;

  /**
   * Checks every component.
   *
   * @throws DecodeSettingException naming the first field out of its range
   */
  public DecodeSettings {
    stop = List.copyOf(stop);
    DecodeSettingException.check(
        maxTokens >= 1 && maxTokens <= 131_072, "maxTokens", "in [1, 131072]", maxTokens);
    DecodeSettingException.check(
        blockSize >= 1 && blockSize <= 4096, "blockSize", "in [1, 4096]", blockSize);
    DecodeSettingException.check(
        temperature >= 0 && temperature <= 10, "temperature", "in [0, 10]", temperature);
    DecodeSettingException.check(topP > 0 && topP <= 1, "topP", "in (0, 1]", topP);
    DecodeSettingException.check(
        stop.size() <= MAX_STOPS, "stop", "at most " + MAX_STOPS + " texts", stop.size());
    DecodeSettingException.check(
        stop.stream().noneMatch(String::isEmpty), "stop", "texts that are not empty", stop);
    DecodeSettingException.check(
        guidance >= 0 && guidance <= 100, "guidance", "in [0, 100]", guidance);
    DecodeSettingException.check(topK >= 0, "topK", "at least 0", topK);
  }

  /** Settings without guidance and top-k. */
  public DecodeSettings(
      int maxTokens,
      int blockSize,
      DecodingPolicy policy,
      CacheKind cache,
      double temperature,
      double topP,
      long seed,
      List<String> stop,
      boolean mayEnd) {
    this(maxTokens, blockSize, policy, cache, temperature, topP, seed, stop, mayEnd, 0, 0);
  }

  /** Settings without guidance under which the model may end a completion. */
  public DecodeSettings(
      int maxTokens,
      int blockSize,
      DecodingPolicy policy,
      CacheKind cache,
      double temperature,
      double topP,
      long seed,
      List<String> stop) {
    this(maxTokens, blockSize, policy, cache, temperature, topP, seed, stop, true);
  }

  /** These settings with another length of the answer. */
  public DecodeSettings withMaxTokens(int tokens) {
    return new DecodeSettings(
        tokens, blockSize, policy, cache, temperature, topP, seed, stop, mayEnd, guidance, topK);
  }

  /** These settings with another block size. */
  public DecodeSettings withBlockSize(int size) {
    return new DecodeSettings(
        maxTokens, size, policy, cache, temperature, topP, seed, stop, mayEnd, guidance, topK);
  }

  /** These settings with another policy. */
  public DecodeSettings withPolicy(DecodingPolicy other) {
    return new DecodeSettings(
        maxTokens, blockSize, other, cache, temperature, topP, seed, stop, mayEnd, guidance, topK);
  }

  /** These settings with another cache. */
  public DecodeSettings withCache(CacheKind kind) {
    return new DecodeSettings(
        maxTokens, blockSize, policy, kind, temperature, topP, seed, stop, mayEnd, guidance, topK);
  }

  /** These settings with another temperature and top-p. */
  public DecodeSettings withSampling(double newTemperature, double newTopP) {
    return new DecodeSettings(
        maxTokens,
        blockSize,
        policy,
        cache,
        newTemperature,
        newTopP,
        seed,
        stop,
        mayEnd,
        guidance,
        topK);
  }

  /** These settings with another seed. */
  public DecodeSettings withSeed(long newSeed) {
    return new DecodeSettings(
        maxTokens,
        blockSize,
        policy,
        cache,
        temperature,
        topP,
        newSeed,
        stop,
        mayEnd,
        guidance,
        topK);
  }

  /** These settings with other stop texts. */
  public DecodeSettings withStop(List<String> texts) {
    return new DecodeSettings(
        maxTokens,
        blockSize,
        policy,
        cache,
        temperature,
        topP,
        seed,
        texts,
        mayEnd,
        guidance,
        topK);
  }

  /** These settings, letting the model end a completion or not. */
  public DecodeSettings withMayEnd(boolean end) {
    return new DecodeSettings(
        maxTokens, blockSize, policy, cache, temperature, topP, seed, stop, end, guidance, topK);
  }

  /** These settings with guidance of another scale. */
  public DecodeSettings withGuidance(double scale) {
    return new DecodeSettings(
        maxTokens, blockSize, policy, cache, temperature, topP, seed, stop, mayEnd, scale, topK);
  }

  /** These settings with another top-k. */
  public DecodeSettings withTopK(int tokens) {
    return new DecodeSettings(
        maxTokens,
        blockSize,
        policy,
        cache,
        temperature,
        topP,
        seed,
        stop,
        mayEnd,
        guidance,
        tokens);
  }
}
