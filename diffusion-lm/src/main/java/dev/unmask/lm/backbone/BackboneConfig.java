package dev.unmask.lm.backbone;

import java.util.ArrayList;
import java.util.List;

/**
 * Shape of a transformer.
 *
 * @param family which parameters it has and how they are named: {@link #LLAMA}, {@link #RADD} or
 *     {@link #DIT}
 * @param vocabularySize V, rows of the embedding, the mask token included
 * @param maskId id of the mask token, the last row; {@link #NO_MASK} where noise is any other token
 * @param width D, a multiple of twice the heads
 * @param keyValueHeads heads of keys and values, a divisor of {@code heads}
 * @param feedForward inner width of the feed-forward network
 * @param contextLength positions the model was made for
 * @param ropeBase base of the rotary frequencies
 * @param tiedEmbeddings whether the vocabulary projection is the embedding itself
 * @param queryKeyNorm whether queries and keys are normalised per head (Qwen3, SDAR)
 * @param blockSize tokens denoised together, the default of decoding; 0 for a model without blocks
 * @param layout how it decodes
 * @param conditioning how it is told the noise level
 */
public record BackboneConfig(
    String family,
    int vocabularySize,
    int maskId,
    int layers,
    int width,
    int heads,
    int keyValueHeads,
    int feedForward,
    int contextLength,
    Norm norm,
    Activation activation,
    double ropeBase,
    double normEpsilon,
    boolean tiedEmbeddings,
    boolean queryKeyNorm,
    int blockSize,
    Layout layout,
    NoiseConditioning conditioning) {

  /** RMS norm, SwiGLU, separate query, key and value projections, no biases. */
  public static final String LLAMA = "llama";

  /** Layer norm, GELU, fused query-key-value projection (RADD, arXiv:2406.03736). */
  public static final String RADD = "radd";

  /** RADD's transformer told the noise level by adaptive layer norms (SEDD, MDLM, BD3-LM). */
  public static final String DIT = "dit";

  /** The mask id of a model that has no mask token (uniform diffusion). */
  public static final int NO_MASK = -1;

  /** Normalisation before attention and feed-forward network. */
  public enum Norm {
    RMS,
    LAYER
  }

  /** Non-linearity of the feed-forward network. */
  public enum Activation {
    SWIGLU,
    GELU_TANH
  }

  /** Attention while decoding. */
  public enum Layout {
    FULL,
    CAUSAL,
    BLOCK_CAUSAL
  }

  /** A transformer that is not told the noise level. */
  public BackboneConfig(
      String family,
      int vocabularySize,
      int maskId,
      int layers,
      int width,
      int heads,
      int keyValueHeads,
      int feedForward,
      int contextLength,
      Norm norm,
      Activation activation,
      double ropeBase,
      double normEpsilon,
      boolean tiedEmbeddings,
      boolean queryKeyNorm,
      int blockSize,
      Layout layout) {
    this(
        family,
        vocabularySize,
        maskId,
        layers,
        width,
        heads,
        keyValueHeads,
        feedForward,
        contextLength,
        norm,
        activation,
        ropeBase,
        normEpsilon,
        tiedEmbeddings,
        queryKeyNorm,
        blockSize,
        layout,
        NoiseConditioning.NONE);
  }

  public BackboneConfig {
    List<String> faults = new ArrayList<>();
    require(faults, List.of(LLAMA, RADD, DIT).contains(family), "family", family);
    require(faults, conditioning.present() == family.equals(DIT), "conditioning", conditioning);
    require(faults, vocabularySize >= 2, "vocabularySize", vocabularySize);
    require(faults, maskId >= NO_MASK && maskId < vocabularySize, "maskId", maskId);
    require(faults, layers >= 1, "layers", layers);
    require(faults, heads >= 1, "heads", heads);
    require(faults, width >= 2 && heads >= 1 && width % (2 * heads) == 0, "width", width);
    require(
        faults,
        keyValueHeads >= 1 && heads % Math.max(1, keyValueHeads) == 0,
        "keyValueHeads",
        keyValueHeads);
    require(faults, feedForward >= 1, "feedForward", feedForward);
    require(faults, contextLength >= 1, "contextLength", contextLength);
    require(faults, ropeBase > 1, "ropeBase", ropeBase);
    require(faults, normEpsilon > 0 && normEpsilon < 1, "normEpsilon", normEpsilon);
    require(faults, blockSize >= 0 && blockSize <= contextLength, "blockSize", blockSize);
    require(faults, layout != Layout.BLOCK_CAUSAL || blockSize > 0, "blockSize", blockSize);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "backbone configuration out of range: " + String.join(", ", faults));
    }
  }

  private static void require(List<String> faults, boolean valid, String field, Object value) {
    String fault = field + " was " + value;
    if (!valid && !faults.contains(fault)) {
      faults.add(fault);
    }
  }

  /**
   * A Llama-style model with tied embeddings, as many key/value heads as heads, and the usual
   * constants.
   *
   * @param vocabularySize V with the mask token, which is the last row
   * @param blockSize tokens denoised together, 0 for full attention
   */
  public static BackboneConfig llama(
      int vocabularySize,
      int layers,
      int width,
      int heads,
      int feedForward,
      int contextLength,
      int blockSize) {
    return new BackboneConfig(
        LLAMA,
        vocabularySize,
        vocabularySize - 1,
        layers,
        width,
        heads,
        heads,
        feedForward,
        contextLength,
        Norm.RMS,
        Activation.SWIGLU,
        10_000,
        1e-5,
        true,
        false,
        blockSize,
        blockSize == 0 ? Layout.FULL : Layout.BLOCK_CAUSAL);
  }

  /** A model of the published RADD family: full attention, untied embeddings, feed-forward 4 D. */
  public static BackboneConfig radd(
      int vocabularySize, int layers, int width, int heads, int contextLength) {
    return new BackboneConfig(
        RADD,
        vocabularySize,
        vocabularySize - 1,
        layers,
        width,
        heads,
        heads,
        4 * width,
        contextLength,
        Norm.LAYER,
        Activation.GELU_TANH,
        10_000,
        1e-5,
        false,
        false,
        0,
        Layout.FULL);
  }

  /**
   * A model told the noise level, otherwise as {@link #radd}.
   *
   * @param maskId the last row, or {@link #NO_MASK}
   */
  public static BackboneConfig dit(
      int vocabularySize,
      int maskId,
      int layers,
      int width,
      int heads,
      int contextLength,
      NoiseConditioning conditioning) {
    return new BackboneConfig(
        DIT,
        vocabularySize,
        maskId,
        layers,
        width,
        heads,
        heads,
        4 * width,
        contextLength,
        Norm.LAYER,
        Activation.GELU_TANH,
        10_000,
        1e-5,
        false,
        false,
        0,
        Layout.FULL,
        conditioning);
  }

  public int headWidth() {
    return width / heads;
  }

  /** The same shape decoding in another way. */
  public BackboneConfig decodingBy(Layout other, int otherBlockSize) {
    return new BackboneConfig(
        family,
        vocabularySize,
        maskId,
        layers,
        width,
        heads,
        keyValueHeads,
        feedForward,
        contextLength,
        norm,
        activation,
        ropeBase,
        normEpsilon,
        tiedEmbeddings,
        queryKeyNorm,
        otherBlockSize,
        other,
        conditioning);
  }

  /** Trainable numbers, embedding included. */
  public long parameterCount() {
    return WeightLayout.of(this).slots().stream().mapToLong(Parameter::elements).sum();
  }
}
