package dev.unmask.lm.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Masks of Fast-dLLM v2 for training and for decoding behind cached tokens. */
@ReproducesKinds("fast_dllm_v2/masks")
class FastDllm2MasksFixturesTest {
  private static final Pattern TRAINING = Pattern.compile("train_L(\\d+)_D(\\d+)");
  private static final Pattern DECODING = Pattern.compile("eval_L(\\d+)_D(\\d+)_cache(\\d+)");

  @TestFactory
  Stream<DynamicTest> reproducesThePublishedMasks() {
    return FixtureCase.ofKinds("fast_dllm_v2", "fast_dllm_v2/masks")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected()) {
      for (String name : expected.tensors().keySet()) {
        Matcher training = TRAINING.matcher(name);
        Matcher decoding = DECODING.matcher(name);
        if (training.matches()) {
          int length = Integer.parseInt(training.group(1));
          int blockSize = Integer.parseInt(training.group(2));
          compare(name, expected.bytes(name), new NoisyThenClean(blockSize, length), 0, 2 * length);
        } else if (decoding.matches()) {
          int cached = Integer.parseInt(decoding.group(3));
          int end = cached + Integer.parseInt(decoding.group(1));
          BlockCausal layout = new BlockCausal(Integer.parseInt(decoding.group(2)));
          compare(name, expected.bytes(name), layout, cached, end);
        } else {
          throw new AssertionError("a mask of another form: " + name);
        }
      }
    }
  }

  /** Queries from {@code from} to {@code end}, keys from 0 to {@code end}. */
  private static void compare(
      String name, ByteBuffer allowed, AttentionLayout layout, int from, int end) {
    assertThat(allowed.remaining()).isEqualTo((end - from) * end);
    for (int query = from; query < end; query++) {
      for (int key = 0; key < end; key++) {
        assertThat(layout.allows(query, key))
            .as("%s, %d sees %d", name, query, key)
            .isEqualTo(allowed.get((query - from) * end + key) != 0);
      }
    }
  }
}
