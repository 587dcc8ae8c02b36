package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.attention.AttentionLayout.PackedNoisyThenClean;
import dev.unmask.lm.attention.AttentionLayout.Padded;
import dev.unmask.lm.attention.AttentionLayout.PerSequence;
import dev.unmask.lm.attention.AttentionMask;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Masks of the layouts a trainer uses, made once and kept on the device.
 *
 * <p>The 2L x 2L mask of block diffusion is never built: both halves are cut into segments of
 * consecutive positions, each with a mask over the keys that it can reach. At L = 288 this reads 40
 * % of the keys that the dense mask would.
 */
final class TrainingMasks {
  private static final int SEGMENT = 96;

  private record Key(AttentionLayout layout, int columns) {}

  private final TensorScope scope;
  private final Map<Key, List<NDArray>> made = new HashMap<>();

  TrainingMasks(TensorScope scope) {
    this.scope = scope;
  }

  /** The kernel's number of a layout. */
  static int code(AttentionLayout layout) {
    return switch (layout) {
      case Full full -> 0;
      case Causal causal -> 1;
      case BlockCausal blocks -> 2;
      case Padded padded -> 2;
      case PackedNoisyThenClean packed -> 2;
      case PerSequence sequences -> 2;
      case NoisyThenClean halves -> 3;
    };
  }

  /**
   * Never empty: a kernel argument needs one tensor at least.
   *
   * @param once holds the masks of layouts that differ from batch to batch
   */
  List<NDArray> of(TensorScope once, AttentionLayout layout, int columns) {
    return switch (layout) {
      case Padded padded -> List.of(square(once, padded, columns));
      case PackedNoisyThenClean packed -> List.of(square(once, packed, columns));
      case PerSequence sequences -> List.of(stacked(once, sequences, columns));
      case Full full -> of(full, columns);
      case Causal causal -> of(causal, columns);
      case BlockCausal blocks -> of(blocks, columns);
      case NoisyThenClean halves -> of(halves, columns);
    };
  }

  /** As above for a layout that comes again. */
  List<NDArray> of(AttentionLayout layout, int columns) {
    return made.computeIfAbsent(new Key(layout, columns), this::make);
  }

  private static NDArray square(TensorScope scope, AttentionLayout layout, int columns) {
    int[] all = range(0, columns);
    return scope.floats(AttentionMask.between(layout, all, all), columns, columns);
  }

  private static NDArray stacked(TensorScope scope, PerSequence sequences, int columns) {
    int[] all = range(0, columns);
    int count = sequences.each().size();
    float[] masks = new float[count * columns * columns];
    for (int i = 0; i < count; i++) {
      float[] mask = AttentionMask.between(sequences.each().get(i), all, all);
      System.arraycopy(mask, 0, masks, i * mask.length, mask.length);
    }
    return scope.floats(masks, count, 1, columns, columns);
  }

  private List<NDArray> make(Key key) {
    return switch (key.layout()) {
      case Full full -> List.of(scope.floats(new float[0]));
      case Causal causal -> List.of(scope.floats(new float[0]));
      case NoisyThenClean halves -> segments(halves);
      case BlockCausal blocks -> List.of(square(scope, blocks, key.columns()));
      case Padded padded -> List.of(square(scope, padded, key.columns()));
      case PackedNoisyThenClean packed -> List.of(square(scope, packed, key.columns()));
      case PerSequence sequences -> List.of(stacked(scope, sequences, key.columns()));
    };
  }

  private List<NDArray> segments(NoisyThenClean layout) {
    int length = layout.length();
    int blocks = Math.max(1, SEGMENT / layout.blockSize());
    int segment = blocks * layout.blockSize();
    List<NDArray> masks = new ArrayList<>();
    for (int lo = 0; lo < length; lo += segment) {
      int hi = Math.min(length, lo + segment);
      int[] clean = range(length, length + hi);
      int[] noisy = range(lo, hi);
      int[] cleanThenNoisy = IntStream.concat(IntStream.of(clean), IntStream.of(noisy)).toArray();
      masks.add(mask(layout, noisy, cleanThenNoisy));
      masks.add(mask(layout, range(length + lo, length + hi), clean));
    }
    return masks;
  }

  private NDArray mask(AttentionLayout layout, int[] queries, int[] keys) {
    return scope.floats(AttentionMask.between(layout, queries, keys), queries.length, keys.length);
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
