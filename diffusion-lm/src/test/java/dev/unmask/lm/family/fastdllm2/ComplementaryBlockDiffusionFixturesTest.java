package dev.unmask.lm.family.fastdllm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Fast-dLLM v2's published training pass: both views, masks, logits, loss and gradients. */
@ReproducesKinds("fast_dllm_v2/train_loss")
@Covers(
    method = "fast-dllm-v2",
    parts = {Part.TRAIN})
class ComplementaryBlockDiffusionFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedTrainingPass() {
    return FixtureCase.ofKinds("fast_dllm_v2", "fast_dllm_v2/train_loss")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    int maskId = fixture.params().get("mask_id").getAsInt();
    int blockSize = fixture.params().get("bd_size").getAsInt();
    BackboneConfig config = FastDllm2Config.read(directory.config()).maskedBy(maskId);
    try (Safetensors expected = fixture.expected();
        TensorSource file = directory.openTensors();
        Transformer network =
            Transformer.forTraining(config, Weights.read(config, file), Precision.F32)) {
      ScoredBatch batch =
          new ComplementaryBlockDiffusion(blockSize)
              .batch(rows(expected), maskId, new RecordedDraws(expected));
      assertThat(batch.ids()).isEqualTo(ints(expected, "concat_input_ids"));
      compareMask(batch, expected);
      compareTargets(batch, expected);
      compareLogits(fixture, batch, expected, network);
      Loss loss = network.differentiate(batch);
      float recorded = expected.floats("loss")[0];
      double relative = fixture.tolerance("loss_rel");
      assertThat(loss.value()).isCloseTo(recorded, within(relative * recorded));
      compareViews(batch, loss, expected, relative);
      FixtureGradients.compare(fixture, network.weights(), expected, "", 1);
    }
  }

  private static List<SupervisedRow> rows(Safetensors expected) {
    int width = expected.info("input_ids").shape().get(1).intValue();
    int[] ids = ints(expected, "input_ids");
    long[] labels = expected.longs("labels");
    List<SupervisedRow> rows = new ArrayList<>();
    for (int from = 0; from < ids.length; from += width) {
      BitSet supervised = new BitSet();
      for (int i = 0; i < width; i++) {
        supervised.set(i, labels[from + i] != -100);
      }
      rows.add(new SupervisedRow(Arrays.copyOfRange(ids, from, from + width), supervised));
    }
    return rows;
  }

  private static void compareMask(ScoredBatch batch, Safetensors expected) {
    ByteBuffer allowed = expected.bytes("attention_allowed");
    int columns = batch.columns();
    for (int query = 0; query < columns; query++) {
      for (int key = 0; key < columns; key++) {
        assertThat(batch.layout().allows(query, key))
            .isEqualTo(allowed.get(query * columns + key) != 0);
      }
    }
  }

  /** The label at i is predicted by row i - 1; that of the first token is dropped. */
  private static void compareTargets(ScoredBatch batch, Safetensors expected) {
    int length = batch.columns() / 2;
    int[] labels = ints(expected, "kept_labels");
    int[] scored =
        IntStream.range(0, labels.length)
            .filter(i -> i % length > 0 && labels[i] != -100)
            .toArray();
    assertThat(batch.rows()).isEqualTo(IntStream.of(scored).map(i -> i - 1).toArray());
    assertThat(batch.targets()).isEqualTo(IntStream.of(scored).map(i -> labels[i]).toArray());
  }

  private static void compareLogits(
      FixtureCase fixture, ScoredBatch batch, Safetensors expected, Transformer network) {
    float[] logits = expected.floats("logits");
    int columns = batch.columns();
    int vocabulary = network.config().vocabularySize();
    for (int row = 0; row < batch.sequences(); row++) {
      int[] ids = Arrays.copyOfRange(batch.ids(), row * columns, (row + 1) * columns);
      int[] noisy = IntStream.range(0, columns / 2).toArray();
      try (ForwardPass pass =
          network.forward(ids, batch.positions(), null, batch.layout(), noisy)) {
        float[][] actual = pass.logitsToHost();
        for (int i = 0; i < noisy.length; i++) {
          int at = (row * noisy.length + i) * vocabulary;
          assertThat(actual[i])
              .as("row %d, position %d", row, i)
              .containsExactly(
                  Arrays.copyOfRange(logits, at, at + vocabulary),
                  within((float) fixture.tolerance("logits_abs")));
        }
      }
    }
  }

  private static void compareViews(
      ScoredBatch batch, Loss loss, Safetensors expected, double relative) {
    int half = batch.sequences() / 2 * (batch.columns() / 2);
    for (int view = 0; view < 2; view++) {
      int number = view;
      int[] counted =
          IntStream.range(0, batch.rows().length)
              .filter(i -> batch.rows()[i] / half == number)
              .toArray();
      assertThat((long) counted.length).isEqualTo(expected.longs("view" + view + ".count")[0]);
      double sum = IntStream.of(counted).mapToDouble(i -> loss.nats()[i]).sum();
      float recorded = expected.floats("view" + view + ".ce_sum")[0];
      assertThat(sum).isCloseTo(recorded, within(relative * recorded));
    }
  }

  private static int[] ints(Safetensors expected, String name) {
    return Arrays.stream(expected.longs(name)).mapToInt(Math::toIntExact).toArray();
  }

  /** Recorded uniforms. */
  private record RecordedDraws(float[] times, int blocks, float[] tokens, int length)
      implements ComplementaryBlockDiffusion.Draws {
    RecordedDraws(Safetensors expected) {
      this(
          expected.floats("block_times"),
          expected.info("block_times").shape().get(1).intValue(),
          expected.floats("token_uniforms"),
          expected.info("token_uniforms").shape().get(1).intValue());
    }

    @Override
    public double time(int row, int block) {
      return times[row * blocks + block];
    }

    @Override
    public double token(int row, int position) {
      return tokens[row * length + position];
    }
  }
}
