package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Where the tokens of a canvas stand and in which blocks they are denoised.
 *
 * <p>Blocks of a full-attention model start at the first masked position. Blocks of a block-causal
 * model lie at multiples of the block size, as in training; a prompt's tail inside the first block
 * stays as it is.
 *
 * <p>An infilling by a block-causal model sees only the part of the suffix that shares a block with
 * the gap: all positions are moved so that the last block of the gap ends in half a block of suffix
 * (rotary positions are relative, so the move itself changes nothing). Earlier blocks of the gap
 * are written left to right without sight of the suffix, and what follows the last block is not
 * computed at all. One large bidirectional block over gap and suffix was tried on a small model
 * trained with blocks of 8 and gave less likely texts: gap and suffix together 51.7 nats with
 * blocks of 16 and 52.4 with blocks of 32, against 46.7 this way and 48.0 without any suffix (gaps
 * of 8).
 *
 * @param ids the canvas the backbone sees, the mask id at masked positions
 * @param masked positions to fill
 * @param blocks those that hold masked positions, from left to right
 * @param answerFrom first position of the answer
 * @param answerTo one past its last position
 * @param positionOffset what is added to an index to give the position the backbone is told
 */
public record BlockPlan(
    int[] ids,
    BitSet masked,
    List<Block> blocks,
    int answerFrom,
    int answerTo,
    int positionOffset) {

  /** The blocks that suit a model's attention. */
  public static BlockPlan of(BackboneConfig model, Canvas canvas, DecodeSettings settings) {
    return switch (canvas) {
      case Canvas.Completion(int[] prompt) -> infill(model, prompt, new int[0], settings);
      case Canvas.Infill(int[] prompt, int[] suffix) -> infill(model, prompt, suffix, settings);
      case Canvas.Template(int[] ids, BitSet masked) -> template(model, ids, masked, settings);
    };
  }

  /** As {@link #of}, with every token of a suffix where it stands and no position moved. */
  public static BlockPlan inPlace(BackboneConfig model, Canvas canvas, DecodeSettings settings) {
    if (canvas instanceof Canvas.Infill(int[] prompt, int[] suffix)) {
      int gapEnd = prompt.length + settings.maxTokens();
      checkLength(model, (long) gapEnd + suffix.length);
      int[] ids = Arrays.copyOf(prompt, gapEnd + suffix.length);
      System.arraycopy(suffix, 0, ids, gapEnd, suffix.length);
      BitSet masked = new BitSet();
      masked.set(prompt.length, gapEnd);
      return template(model, ids, masked, settings);
    }
    return of(model, canvas, settings);
  }

  /** Whether nothing is given behind the answer, so that it may end before its last position. */
  boolean endsOpen() {
    int mask = ids[answerFrom];
    return Arrays.stream(ids, answerTo, ids.length).allMatch(id -> id == mask);
  }

  private static BlockPlan infill(
      BackboneConfig model, int[] prompt, int[] suffix, DecodeSettings settings) {
    int gapEnd = prompt.length + settings.maxTokens();
    checkLength(model, (long) prompt.length + settings.maxTokens() + suffix.length);
    boolean blockCausal = model.layout() == Layout.BLOCK_CAUSAL;
    int visible = blockCausal ? Math.min(suffix.length, settings.blockSize() / 2) : suffix.length;
    int[] ids = Arrays.copyOf(prompt, gapEnd + visible);
    System.arraycopy(suffix, 0, ids, gapEnd, visible);
    BitSet masked = new BitSet();
    masked.set(prompt.length, gapEnd);
    int offset = visible > 0 && blockCausal ? Math.floorMod(-ids.length, settings.blockSize()) : 0;
    if (ids.length + offset > model.contextLength()) {
      offset = 0; // no room to move: the gap's last block then sees as much suffix as falls into it
    }
    return plan(model, ids, masked, settings.blockSize(), offset);
  }

  private static BlockPlan template(
      BackboneConfig model, int[] ids, BitSet masked, DecodeSettings settings) {
    DecodeSettingException.check(
        masked.cardinality() <= settings.maxTokens(),
        "maxTokens",
        "at least the " + masked.cardinality() + " masked positions",
        settings.maxTokens());
    checkLength(model, ids.length);
    return plan(model, ids.clone(), (BitSet) masked.clone(), settings.blockSize(), 0);
  }

  private static BlockPlan plan(
      BackboneConfig model, int[] ids, BitSet masked, int blockSize, int offset) {
    masked.stream().forEach(position -> ids[position] = model.maskId());
    checkIds(model, ids, masked);
    int first = masked.nextSetBit(0);
    boolean blockCausal = model.layout() == Layout.BLOCK_CAUSAL;
    int start = blockCausal ? first - Math.floorMod(first + offset, blockSize) : first;
    int end = blockCausal ? ids.length : masked.length();
    List<Block> blocks = new ArrayList<>();
    for (int from = start; from < masked.length(); from += blockSize) {
      Block block = new Block(Math.max(0, from), Math.min(from + blockSize, end));
      if (!masked.get(block.from(), block.to()).isEmpty()) {
        blocks.add(block);
      }
    }
    return new BlockPlan(ids, masked, List.copyOf(blocks), first, masked.length(), offset);
  }

  private static void checkLength(BackboneConfig model, long length) {
    DecodeSettingException.check(
        length <= model.contextLength(),
        "maxTokens",
        "such that prompt, answer and suffix fit the model's " + model.contextLength() + " tokens",
        length + " tokens in all");
  }

  private static void checkIds(BackboneConfig model, int[] ids, BitSet masked) {
    for (int position = 0; position < ids.length; position++) {
      int id = ids[position];
      boolean known = id >= 0 && id < model.vocabularySize() && id != model.maskId();
      if (!known && !masked.get(position)) {
        throw new DecodeSettingException(
            "prompt",
            "must hold token ids below %d other than the mask, was %d at position %d"
                .formatted(model.vocabularySize(), id, position));
      }
    }
  }
}
