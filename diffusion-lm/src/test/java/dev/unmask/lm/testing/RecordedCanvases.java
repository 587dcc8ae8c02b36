package dev.unmask.lm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.RaddSampler;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The canvases of one recorded run: before the first forward pass and after each.
 *
 * @param ids {@code [NFE + 1, rows, T]}
 */
public record RecordedCanvases(int[][][] ids) {

  /** Reads {@code [NFE + 1, rows, T]}, or {@code [NFE + 1, T]} of a single row. */
  public static RecordedCanvases read(Safetensors expected, String tensor) {
    long[] shape = expected.info(tensor).dimensions();
    int length = (int) shape[shape.length - 1];
    int rows = shape.length == 3 ? (int) shape[1] : 1;
    long[] flat = expected.longs(tensor);
    int[][][] ids = new int[(int) shape[0]][rows][length];
    for (int i = 0; i < flat.length; i++) {
      ids[i / (rows * length)][i / length % rows][i % length] = Math.toIntExact(flat[i]);
    }
    return new RecordedCanvases(ids);
  }

  public int rows() {
    return ids[0].length;
  }

  public int nfe() {
    return ids.length - 1;
  }

  /** The canvas of a row before the first pass. */
  public int[] start(int row) {
    return ids[0][row];
  }

  /** Masked positions of a row after {@code passes} forward passes. */
  public int[] masked(int passes, int row, int maskId) {
    int[] canvas = ids[passes][row];
    return IntStream.range(0, canvas.length).filter(i -> canvas[i] == maskId).toArray();
  }

  /** Runs a denoising to its end and compares the canvas after every forward pass. */
  public void follow(Denoising denoising, int row, String run) {
    for (int pass = 1; pass <= nfe(); pass++) {
      assertThat(denoising.finished()).as("%s: finished before pass %d", run, pass).isFalse();
      denoising.step();
      assertThat(denoising.canvas())
          .as("%s, row %d: after pass %d", run, row, pass)
          .isEqualTo(ids[pass][row]);
    }
    assertThat(denoising.finished()).as("%s: finished after %d passes", run, nfe()).isTrue();
    assertThat(denoising.report().nfe()).isEqualTo(nfe());
    assertThat(Arrays.equals(denoising.canvas(), ids[nfe()][row])).isTrue();
  }

  /**
   * The recorded uniform numbers {@code <run>.u<step>} of a row; the published code draws for the
   * masked positions of all rows in order. One half where none are recorded.
   */
  public RaddSampler.Uniforms uniforms(Safetensors expected, String run, int row, int maskId) {
    return (step, position, column) -> {
      String tensor = run + ".u" + step;
      if (!expected.tensors().containsKey(tensor)) {
        return 0.5;
      }
      int before = 0;
      for (int other = 0; other < row; other++) {
        before += masked(step, other, maskId).length;
      }
      int index = Arrays.binarySearch(masked(step, row, maskId), position);
      return expected.floats(tensor)[before + index];
    };
  }
}
