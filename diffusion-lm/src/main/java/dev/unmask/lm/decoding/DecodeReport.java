package dev.unmask.lm.decoding;

/**
 * What decoding took so far.
 *
 * @param nfe forward passes, every one counted
 * @param tokens positions unmasked
 * @param blocks blocks begun
 * @param cacheLookups positions that forward passes attended to, cached or computed
 * @param cacheHits those of them whose keys and values came from the cache
 * @param millis milliseconds spent inside steps
 */
public record DecodeReport(
    int nfe, int tokens, int blocks, long cacheLookups, long cacheHits, double millis) {
  /** Tokens unmasked per forward pass (TPF); 0 before the first. */
  public double tokensPerForward() {
    return nfe == 0 ? 0 : (double) tokens / nfe;
  }

  /** Milliseconds per forward pass, sampling included; 0 before the first. */
  public double millisPerForward() {
    return nfe == 0 ? 0 : millis / nfe;
  }

  /** Share of attended positions that came from the cache, in [0, 1). */
  public double cacheHitRate() {
    return cacheLookups == 0 ? 0 : (double) cacheHits / cacheLookups;
  }
}
