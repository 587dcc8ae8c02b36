package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {

  private static final int BLOCK = 1 << 20;

  @Test
  void isAsLongAsAskedAndAlwaysTheSame() throws IOException {
    byte[] bytes = new Noise(2 * BLOCK + 5).readAllBytes();

    assertThat(bytes).hasSize(2 * BLOCK + 5).isEqualTo(new Noise(2 * BLOCK + 5).readAllBytes());
  }

  @Test
  void repeatsNoBlock() throws IOException {
    byte[] bytes = new Noise(2 * BLOCK).readAllBytes();

    assertThat(Arrays.equals(bytes, 0, BLOCK, bytes, BLOCK, 2 * BLOCK)).isFalse();
  }
}
