package dev.unmask.lm.family.bd3lm;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.family.bd3lm.ClipSearch.Found;
import dev.unmask.lm.family.bd3lm.ClippedBlockDiffusion.Drawn;
import dev.unmask.lm.objective.AdaptiveObjective;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Block diffusion whose clipping is searched on data while the network learns (BD3-LM,
 * arXiv:2503.09573, section 5.2): again and again the interval of times is taken under which the
 * loss of a block varies least. All times are drawn until the first search.
 *
 * <p>Every interval is judged by the same blocks: their times are drawn from all of (0, 1], and
 * those inside an interval are times drawn from it. So a search costs the passes of one interval.
 *
 * @param base what is trained; its own clipping is drawn from before the first search
 * @param intervals those to choose from
 * @param interval optimizer steps between two searches
 * @param rows sequences that a search scores
 */
public record SearchedBlockDiffusion(
    ClippedBlockDiffusion base, ClipSearch intervals, int interval, int rows)
    implements AdaptiveObjective {
  private static final int USUAL_INTERVAL = 100;
  private static final int USUAL_ROWS = 64;
  private static final String LOW = "clip_low";
  private static final String HIGH = "clip_high";
  private static final String VARIANCE = "clip_variance";

  /** A scored block: the sum of cross-entropies of its masked tokens, over all its tokens. */
  private record Block(double time, double nats) {}

  public SearchedBlockDiffusion {
    if (interval < 1 || rows < 1) {
      throw new IllegalArgumentException(
          "interval and rows must be positive, were %d and %d".formatted(interval, rows));
    }
  }

  /** The published grid, searched every hundred steps on 64 sequences. */
  public SearchedBlockDiffusion(ClippedBlockDiffusion base) {
    this(base, new ClipSearch(), USUAL_INTERVAL, USUAL_ROWS);
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    return base.batch(clean, maskId, random);
  }

  @Override
  public Map<String, Double> search(
      int[][] clean, int batchSize, int maskId, Scorer scorer, KeyedRandom random) {
    ClippedBlockDiffusion all = base.validation();
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < clean.length; from += batchSize) {
      int[][] part = Arrays.copyOfRange(clean, from, Math.min(clean.length, from + batchSize));
      Drawn drawn = all.draw(part, random.split(from));
      ScoredBatch batch = all.batch(part, drawn, maskId);
      collect(blocks, drawn.times(), part[0].length, batch, scorer.nats(batch));
    }
    Found found = intervals.best(tried -> losses(tried, blocks));
    Map<String, Double> told = new HashMap<>();
    told.put(LOW, found.clipping().low());
    told.put(HIGH, found.clipping().high());
    if (Double.isFinite(found.variance())) {
      told.put(VARIANCE, found.variance());
    }
    return told;
  }

  private void collect(
      List<Block> blocks, double[][] times, int length, ScoredBatch batch, float[] nats) {
    double[][] sums = new double[times.length][times[0].length];
    for (int i = 0; i < nats.length; i++) {
      if (batch.weights()[i] > 0) {
        int row = batch.rows()[i];
        sums[row / length][row % length / base.blockSize()] += nats[i];
      }
    }
    for (int i = 0; i < sums.length; i++) {
      for (int block = 0; block < sums[i].length; block++) {
        int tokens = Math.min(base.blockSize(), length - block * base.blockSize());
        blocks.add(new Block(times[i][block], sums[i][block] / tokens));
      }
    }
  }

  private double[] losses(Clipping interval, List<Block> blocks) {
    return blocks.stream()
        .filter(block -> block.time() >= interval.low() && block.time() <= interval.high())
        .mapToDouble(block -> interval.weight(base.noise(), block.time()) * block.nats())
        .toArray();
  }

  @Override
  public ClippedBlockDiffusion adapted(Map<String, Double> found) {
    return base.withClipping(
        new Clipping(
            found.getOrDefault(LOW, base.clipping().low()),
            found.getOrDefault(HIGH, base.clipping().high())));
  }

  /** The bound, whatever was found. */
  @Override
  public ClippedBlockDiffusion validation() {
    return base.validation();
  }

  @Override
  public String label() {
    return base.label() + ", clipping searched";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return base.decoding(trained);
  }
}
