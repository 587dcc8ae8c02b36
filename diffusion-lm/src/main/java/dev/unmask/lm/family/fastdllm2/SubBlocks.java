package dev.unmask.lm.family.fastdllm2;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.SubBlockCache.Sizes;
import dev.unmask.lm.decoding.BlockPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Cuts the blocks of a plan into the sub-blocks that Fast-dLLM v2 denoises one after another. */
final class SubBlocks {
  private final Sizes sizes;
  private final BitSet masked;
  private final List<Block> blocks = new ArrayList<>();

  private SubBlocks(Sizes sizes, BitSet masked) {
    this.sizes = sizes;
    this.masked = masked;
  }

  /**
   * The same plan in sub-blocks. The last block is filled up with masks that are not part of the
   * answer: the model was trained on whole blocks.
   *
   * @param plan in blocks of {@code sizes.block()} from position 0 on
   */
  static BlockPlan of(BackboneConfig model, BlockPlan plan, Sizes sizes) {
    SubBlocks cut = new SubBlocks(sizes, plan.masked());
    plan.blocks().forEach(cut::cut);
    return new BlockPlan(
        wholeBlocks(model, plan, sizes.block()),
        plan.masked(),
        List.copyOf(cut.blocks),
        plan.answerFrom(),
        plan.answerTo(),
        plan.positionOffset());
  }

  private void cut(Block block) {
    int from = block.from();
    if (from > 0 && masked.get(from)) {
      blocks.add(new Block(from, from + 1)); // predicted by the block before it
      from++;
    }
    for (int start = block.from(); start < block.to(); start += sizes.subBlock()) {
      int first = masked.nextSetBit(Math.max(from, start));
      int end = Math.min(block.to(), start + sizes.subBlock());
      if (first >= 0 && first < end) {
        blocks.add(new Block(first, end));
      }
    }
  }

  private static int[] wholeBlocks(BackboneConfig model, BlockPlan plan, int size) {
    int length = plan.ids().length;
    int whole = Math.min(model.contextLength(), (length + size - 1) / size * size);
    int[] ids = Arrays.copyOf(plan.ids(), Math.max(length, whole));
    Arrays.fill(ids, length, ids.length, model.maskId());
    return ids;
  }
}
