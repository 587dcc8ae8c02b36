package dev.unmask.lm.backbone;

import java.util.ArrayList;
import java.util.List;

/**
 * Shape of a transformer.
 *
 * @param names how its weights are called
 * @param width D
 * @param feedForward inner width of the feed-forward network
 * @param contextLength positions the model was made for
 * @param tiedEmbeddings whether the vocabulary projection is the embedding itself
 * @param decoding how it decodes
 * @param conditioning how it is told the noise level
 */
public record BackboneConfig(
    TensorNames names,
    Vocabulary vocabulary,
    int layers,
    int width,
    AttentionShape attention,
    int feedForward,
    int contextLength,
    Norm norm,
    double normEpsilon,
    Activation activation,
    RotaryPositions rotary,
    boolean tiedEmbeddings,
    Decoding decoding,
    NoiseConditioning conditioning) {

  /** The mask id of a model that has no mask token. */
  public static final int NO_MASK = Vocabulary.NO_MASK;

  /** Names of the Llama family. */
  public static final TensorNames LLAMA = TensorNames.LLAMA;

  /** Names of the RADD family. */
  public static final TensorNames RADD = TensorNames.RADD;

  /** A transformer that is not told the noise level, its parts one by one. */
  public BackboneConfig(
      TensorNames names,
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
        names,
        Vocabulary.of(vocabularySize, maskId),
        layers,
        width,
        new AttentionShape(
            heads,
            keyValueHeads,
            AttentionShape.multiHead(width, heads).headWidth(),
            queryKeyNorm,
            false,
            false),
        feedForward,
        contextLength,
        norm,
        normEpsilon,
        activation,
        RotaryPositions.of(ropeBase),
        tiedEmbeddings,
        new Decoding(layout, blockSize, Alignment.SAME_POSITION),
        NoiseConditioning.NONE);
  }

  /** Normalisation before attention and feed-forward network; a layer norm has biases. */
  public enum Norm {
    RMS,
    LAYER
  }

  /** Non-linearity of the feed-forward network; the one without a gate has biases. */
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

  /** Which row of the output predicts position i. */
  public enum Alignment {
    /** Row i. */
    SAME_POSITION,
    /** Row i - 1, and row 0 for position 0 (Dream, Fast-dLLM v2, next-token models). */
    SHIFTED
  }

  /**
   * How a model decodes.
   *
   * @param blockSize tokens denoised together, the default of decoding; 0 for a model without
   *     blocks
   */
  public record Decoding(Layout layout, int blockSize, Alignment alignment) {
    /** Full attention, each masked position predicted by its own row. */
    public static Decoding full() {
      return new Decoding(Layout.FULL, 0, Alignment.SAME_POSITION);
    }

    /** Block-causal attention, each masked position predicted by its own row. */
    public static Decoding blocks(int blockSize) {
      return new Decoding(Layout.BLOCK_CAUSAL, blockSize, Alignment.SAME_POSITION);
    }

    /** Causal attention, each row predicting the token behind it. */
    public static Decoding nextToken() {
      return new Decoding(Layout.CAUSAL, 0, Alignment.SHIFTED);
    }

    /** The same with predictions one row to the left. */
    public Decoding shifted() {
      return new Decoding(layout, blockSize, Alignment.SHIFTED);
    }
  }

  public BackboneConfig {
    List<String> faults = new ArrayList<>();
    int heads = attention.heads();
    int groups = attention.keyValueHeads();
    require(faults, vocabulary.size() >= 2, "vocabularySize", vocabulary.size());
    require(faults, vocabulary.isConsistent(), "maskId", vocabulary.maskId());
    require(faults, layers >= 1, "layers", layers);
    require(faults, heads >= 1, "heads", heads);
    require(faults, width >= 2 && isWholeHeads(width, attention), "width", width);
    require(faults, groups >= 1 && heads % Math.max(1, groups) == 0, "keyValueHeads", groups);
    require(faults, feedForward >= 1, "feedForward", feedForward);
    require(faults, contextLength >= 1, "contextLength", contextLength);
    require(faults, rotary.base() > 1, "ropeBase", rotary.base());
    require(faults, normEpsilon > 0 && normEpsilon < 1, "normEpsilon", normEpsilon);
    int blockSize = decoding.blockSize();
    require(faults, blockSize >= 0 && blockSize <= contextLength, "blockSize", blockSize);
    require(
        faults, decoding.layout() != Layout.BLOCK_CAUSAL || blockSize > 0, "blockSize", blockSize);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "backbone configuration out of range: " + String.join(", ", faults));
    }
  }

  private static boolean isWholeHeads(int width, AttentionShape attention) {
    return attention.headWidth() >= 2
        && attention.headWidth() % 2 == 0
        && (attention.queryWidth() != width - width % Math.max(1, attention.heads())
            || width % Math.max(1, attention.heads()) == 0);
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
        TensorNames.LLAMA,
        Vocabulary.maskLast(vocabularySize),
        layers,
        width,
        AttentionShape.multiHead(width, heads),
        feedForward,
        contextLength,
        Norm.RMS,
        1e-5,
        Activation.SWIGLU,
        RotaryPositions.of(10_000),
        true,
        blockSize == 0 ? Decoding.full() : Decoding.blocks(blockSize),
        NoiseConditioning.NONE);
  }

  /** A model of the published RADD family: full attention, untied embeddings, feed-forward 4 D. */
  public static BackboneConfig radd(
      int vocabularySize, int layers, int width, int heads, int contextLength) {
    return new BackboneConfig(
        TensorNames.RADD,
        Vocabulary.maskLast(vocabularySize),
        layers,
        width,
        AttentionShape.multiHead(width, heads),
        4 * width,
        contextLength,
        Norm.LAYER,
        1e-5,
        Activation.GELU_TANH,
        RotaryPositions.of(10_000),
        false,
        Decoding.full(),
        NoiseConditioning.NONE);
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
        TensorNames.DIT,
        Vocabulary.of(vocabularySize, maskId),
        layers,
        width,
        AttentionShape.multiHead(width, heads),
        4 * width,
        contextLength,
        Norm.LAYER,
        1e-5,
        Activation.GELU_TANH,
        RotaryPositions.of(10_000),
        false,
        Decoding.full(),
        conditioning);
  }

  /** V, rows of the embedding, the mask token included. */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /** Id of the mask token, {@link Vocabulary#NO_MASK} if there is none. */
  public int maskId() {
    return vocabulary.maskId();
  }

  public int heads() {
    return attention.heads();
  }

  public int keyValueHeads() {
    return attention.keyValueHeads();
  }

  public int headWidth() {
    return attention.headWidth();
  }

  /** How it attends while decoding. */
  public Layout layout() {
    return decoding.layout();
  }

  /** Tokens denoised together by default; 0 for a model without blocks. */
  public int blockSize() {
    return decoding.blockSize();
  }

  /** Which row predicts a position. */
  public Alignment alignment() {
    return decoding.alignment();
  }

  /** The row whose logits predict a position of the same sequence. */
  public int predictingRow(int position) {
    return alignment() == Alignment.SHIFTED ? Math.max(0, position - 1) : position;
  }

  /** The same shape decoding in another way, predictions aligned as before. */
  public BackboneConfig decodingBy(Layout other, int otherBlockSize) {
    return decodingBy(new Decoding(other, otherBlockSize, alignment()));
  }

  /** The same shape decoding in another way. */
  public BackboneConfig decodingBy(Decoding other) {
    return with(vocabulary, rotary, other);
  }

  /** The same shape with another token as the mask, its column scored as before. */
  public BackboneConfig maskedBy(int maskId) {
    return with(
        new Vocabulary(vocabulary.size(), maskId, vocabulary.maskColumn()), rotary, decoding);
  }

  /** The same shape with other rotary positions. */
  public BackboneConfig rotatedBy(RotaryPositions other) {
    return with(vocabulary, other, decoding);
  }

  private BackboneConfig with(Vocabulary tokens, RotaryPositions positions, Decoding way) {
    return new BackboneConfig(
        names,
        tokens,
        layers,
        width,
        attention,
        feedForward,
        contextLength,
        norm,
        normEpsilon,
        activation,
        positions,
        tiedEmbeddings,
        way,
        conditioning);
  }

  /** Trainable numbers, embedding included. */
  public long parameterCount() {
    return WeightLayout.of(this).slots().stream().mapToLong(Parameter::elements).sum();
  }
}
