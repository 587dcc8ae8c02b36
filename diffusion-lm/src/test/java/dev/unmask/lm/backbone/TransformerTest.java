package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerTest {
  private static final int LENGTH = 24;

  @ParameterizedTest
  @CsvSource({"4,0", "4,4", "4,8", "4,20", "1,7", "8,16", "6,18"})
  void answersTheSameWithACacheAsWithoutOneWhenAttentionIsBlockCausal(int blockSize, int past) {
    try (Transformer network = tiny(Precision.F64)) {
      int[] ids = ids(LENGTH);
      AttentionLayout layout = new BlockCausal(blockSize);
      float[][] whole = logits(network, ids, layout);
      @Nullable KeyValues cache = null;
      if (past > 0) {
        try (ForwardPass prefix =
            network.forward(
                Arrays.copyOf(ids, past), range(0, past), null, layout, new int[] {0})) {
          cache = prefix.takeKeyValues();
        }
      }

      try (ForwardPass pass =
          network.forward(
              Arrays.copyOfRange(ids, past, LENGTH),
              range(past, LENGTH),
              cache,
              layout,
              range(0, LENGTH - past))) {
        float[][] cached = pass.logitsToHost();
        for (int i = past; i < LENGTH; i++) {
          assertThat(cached[i - past]).containsExactly(whole[i], within(1e-7f));
        }
      }
    }
  }

  @Test
  void grownAndOverwrittenCachesEqualOnesComputedAtOnce() {
    try (Transformer network = tiny(Precision.F64)) {
      int[] ids = ids(LENGTH);
      float[][] whole = logits(network, ids, new Causal());
      KeyValues cache = keyValues(network, ids, 0, 5, null);
      try (cache) {
        for (int at = 5; at < LENGTH - 1; at++) {
          try (KeyValues next = keyValues(network, ids, at, at + 1, cache)) {
            cache.append(next);
          }
        }
        try (KeyValues middle = cache.slice(7, 12)) {
          cache.overwrite(7, middle);
        }

        try (ForwardPass last =
            network.forward(
                new int[] {ids[LENGTH - 1]},
                new int[] {LENGTH - 1},
                cache,
                new Causal(),
                new int[] {0})) {
          assertThat(cache.length()).isEqualTo(LENGTH - 1);
          assertThat(last.logitsToHost()[0]).containsExactly(whole[LENGTH - 1], within(1e-7f));
        }
      }
    }
  }

  @Test
  void seesPrefixAndSuffixOfAFullAttentionCache() {
    try (Transformer network = tiny(Precision.F64)) {
      int[] ids = ids(3);
      try (KeyValues prefix = keyValues(network, ids, 0, 1, null);
          KeyValues suffix = keyValues(network, ids, 2, 3, null);
          KeyValues both = prefix.concat(suffix)) {
        assertThat(both.length()).isEqualTo(2);
        both.truncate(1);
        assertThat(both.length()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void answersNearlyTheSameInLowerPrecision(Precision precision) {
    try (Transformer exact = tiny(Precision.F64);
        Transformer rounded = tiny(precision)) {
      float[][] expected = logits(exact, ids(LENGTH), new Full());

      float[][] actual = logits(rounded, ids(LENGTH), new Full());

      for (int i = 0; i < LENGTH; i++) {
        assertThat(actual[i]).containsExactly(expected[i], within(0.01f));
      }
    }
  }

  @Test
  void groupedQueryAttentionRepeatsKeysAndValues() {
    BackboneConfig grouped = grouped();
    try (Transformer network =
        Transformer.forDecoding(grouped, Weights.random(grouped, 5), Precision.F32)) {
      assertThat(logits(network, ids(LENGTH), new Full())).hasDimensions(LENGTH, 31);
    }
  }

  @Test
  void refusesATokenOutsideTheVocabulary() {
    try (Transformer network = tiny(Precision.F32)) {
      assertThatThrownBy(() -> logits(network, new int[] {31}, new Full()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("token id must be in [0, 31), was 31");
    }
  }

  @Test
  void refusesAPositionBeyondTheContext() {
    try (Transformer network = tiny(Precision.F32)) {
      assertThatThrownBy(
              () -> network.forward(new int[] {1}, new int[] {32}, null, new Full(), new int[] {0}))
          .hasMessage("position must be in [0, 32), was 32");
    }
  }

  private static KeyValues keyValues(
      Transformer network, int[] ids, int from, int to, @Nullable KeyValues past) {
    try (ForwardPass pass =
        network.forward(
            Arrays.copyOfRange(ids, from, to),
            range(from, to),
            past,
            new Causal(),
            new int[] {0})) {
      return pass.takeKeyValues();
    }
  }

  private static float[][] logits(Transformer network, int[] ids, AttentionLayout layout) {
    int[] all = range(0, ids.length);
    try (ForwardPass pass = network.forward(ids, all, null, layout, all)) {
      return pass.logitsToHost();
    }
  }

  private static Transformer tiny(Precision precision) {
    BackboneConfig config = BackboneConfig.llama(31, 3, 16, 2, 24, 32, 4);
    return Transformer.forDecoding(config, Weights.random(config, 5), precision);
  }

  static BackboneConfig grouped() {
    return new BackboneConfig(
        TensorNames.LLAMA,
        Vocabulary.maskLast(31),
        2,
        16,
        new AttentionShape(4, 2, 6, true, true, true),
        24,
        32,
        BackboneConfig.Norm.RMS,
        1e-5,
        BackboneConfig.Activation.SWIGLU,
        RotaryPositions.of(10_000),
        false,
        BackboneConfig.Decoding.full(),
        NoiseConditioning.NONE);
  }

  private static int[] ids(int count) {
    KeyedRandom random = KeyedRandom.of(11);
    return IntStream.range(0, count).map(i -> random.nextInt(31, i)).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
