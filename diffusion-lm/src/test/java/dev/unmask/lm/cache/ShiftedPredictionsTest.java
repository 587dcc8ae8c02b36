package dev.unmask.lm.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.torch.Precision;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Caches of a network whose row i - 1 predicts position i. */
class ShiftedPredictionsTest {
  private static final int[] CANVAS = {3, 1, 4, 23, 23, 23, 23, 23, 9, 2};
  private static final Block BLOCK = new Block(4, 7);
  private static final int[] ROWS = {4, 5, 6};

  static Stream<Function<Backbone, KvCache>> caches() {
    return Stream.of(
        network -> new NoCache(network, new AttentionLayout.Full(), 0),
        PrefixCache::new,
        DualCache::new);
  }

  @ParameterizedTest
  @MethodSource("caches")
  void theFirstPassAnswersWithTheRowsToTheLeft(Function<Backbone, KvCache> kind) {
    try (TinyModel network = TinyModel.random(5, 0);
        KvCache cache = kind.apply(new Shifted(network));
        ForwardPass pass = cache.denoise(CANVAS, BLOCK, ROWS)) {
      assertSame(pass.logitsToHost(), direct(network, CANVAS));
    }
  }

  @ParameterizedTest
  @MethodSource("caches")
  void laterPassesComputeTheTokenThatPredictsTheFirstOfTheBlock(Function<Backbone, KvCache> kind) {
    try (TinyModel network = TinyModel.positionWise(5);
        KvCache cache = kind.apply(new Shifted(network))) {
      cache.denoise(CANVAS, BLOCK, ROWS).close();
      int[] changed = CANVAS.clone();
      changed[5] = 7;
      try (ForwardPass pass = cache.denoise(changed, BLOCK, ROWS)) {
        assertSame(pass.logitsToHost(), direct(network, changed));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("caches")
  void positionZeroIsPredictedByItsOwnRow(Function<Backbone, KvCache> kind) {
    int[] allMasked = IntStream.range(0, 6).map(i -> 23).toArray();
    try (TinyModel network = TinyModel.random(5, 0);
        KvCache cache = kind.apply(new Shifted(network));
        ForwardPass pass = cache.denoise(allMasked, new Block(0, 3), new int[] {0, 1});
        ForwardPass again = cache.denoise(allMasked, new Block(0, 3), new int[] {0, 1})) {
      assertThat(pass.logitsToHost()[0]).isEqualTo(pass.logitsToHost()[1]);
      assertThat(again.logitsToHost()[0]).isEqualTo(again.logitsToHost()[1]);
    }
  }

  private static float[][] direct(Backbone network, int[] canvas) {
    int[] positions = IntStream.range(0, canvas.length).toArray();
    int[] left = IntStream.of(ROWS).map(row -> row - 1).toArray();
    try (ForwardPass pass =
        network.forward(canvas, positions, null, new AttentionLayout.Full(), left)) {
      return pass.logitsToHost();
    }
  }

  private static void assertSame(float[][] actual, float[][] expected) {
    for (int row = 0; row < expected.length; row++) {
      assertThat(actual[row]).containsExactly(expected[row], within(1e-5f));
    }
  }

  private record Shifted(Backbone network) implements Backbone {
    @Override
    public BackboneConfig config() {
      return network.config().decodingBy(Decoding.full().shifted());
    }

    @Override
    public Precision precision() {
      return network.precision();
    }

    @Override
    public ForwardPass forward(
        int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout layout, int[] rows) {
      return network.forward(ids, positions, past, layout, rows);
    }

    @Override
    public void close() {}
  }
}
