package dev.unmask.lm.family.sdar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.PerSequence;
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

/** SDAR's published training pass over packed rows: inputs, masks, logits, loss and gradients. */
@ReproducesKinds("sdar/train_packed")
@Covers(
    method = "sdar",
    parts = {Part.TRAIN})
class PackedBlockDiffusionFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedTrainingPass() {
    return FixtureCase.ofKinds("sdar", "sdar/train_packed")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    int maskId = fixture.params().get("mask_id").getAsInt();
    int blockSize = fixture.params().get("block_size").getAsInt();
    BackboneConfig config = SdarConfig.read(directory.config()).maskedBy(maskId);
    try (Safetensors expected = fixture.expected();
        TensorSource file = directory.openTensors();
        Transformer network =
            Transformer.forTraining(config, Weights.read(config, file), Precision.F32)) {
      List<PackedRow> rows = rows(fixture, expected);
      ScoredBatch batch =
          new PackedBlockDiffusion(blockSize, -1).batch(rows, maskId, new RecordedDraws(expected));
      compareInputs(rows, batch, expected);
      compareMask(rows, batch, expected);
      compareScored(rows, batch, expected);
      compareLogits(fixture, rows, batch, expected, network);
      Loss loss = network.differentiate(batch);
      float recorded = expected.floats("loss")[0];
      assertThat(loss.value())
          .isCloseTo(recorded, within(fixture.tolerance("loss_rel") * recorded));
      FixtureGradients.compare(fixture, network.weights(), expected, "", 1);
    }
  }

  private static List<PackedRow> rows(FixtureCase fixture, Safetensors expected) {
    int width = expected.info("input_ids").shape().get(1).intValue();
    int[] ids = ints(expected, "input_ids");
    long[] labels = expected.longs("labels");
    JsonArray lengths = fixture.params().getAsJsonArray("sample_lengths");
    JsonArray pads = fixture.params().getAsJsonArray("pads");
    List<PackedRow> rows = new ArrayList<>();
    for (int row = 0; row < lengths.size(); row++) {
      List<Integer> samples = new ArrayList<>();
      lengths.get(row).getAsJsonArray().forEach(length -> samples.add(length.getAsInt()));
      if (pads.get(row).getAsInt() > 0) {
        samples.add(pads.get(row).getAsInt());
      }
      BitSet supervised = new BitSet();
      for (int i = 0; i < width; i++) {
        supervised.set(i, labels[row * width + i] != -100);
      }
      rows.add(
          new PackedRow(
              Arrays.copyOfRange(ids, row * width, (row + 1) * width), supervised, samples));
    }
    return rows;
  }

  /** The recorded column of each of our columns: theirs alternate sample by sample. */
  private static int[] interleaved(PackedRow row) {
    int length = row.tokens().length;
    int[] columns = new int[2 * length];
    int start = 0;
    for (int sample : row.samples()) {
      for (int i = 0; i < sample; i++) {
        columns[start + i] = 2 * start + i;
        columns[length + start + i] = 2 * start + sample + i;
      }
      start += sample;
    }
    return columns;
  }

  private static void compareInputs(List<PackedRow> rows, ScoredBatch batch, Safetensors expected) {
    int[] ids = ints(expected, "concat_input_ids");
    int[] positions = ints(expected, "concat_position_ids");
    int columns = batch.columns();
    for (int row = 0; row < rows.size(); row++) {
      int[] theirs = interleaved(rows.get(row));
      for (int i = 0; i < columns; i++) {
        int at = row * columns + theirs[i];
        assertThat(batch.ids()[row * columns + i]).isEqualTo(ids[at]);
        assertThat(batch.positions()[row * columns + i]).isEqualTo(positions[at]);
      }
    }
  }

  private static void compareMask(List<PackedRow> rows, ScoredBatch batch, Safetensors expected) {
    ByteBuffer allowed = expected.bytes("attention_allowed");
    int columns = batch.columns();
    for (int row = 0; row < rows.size(); row++) {
      AttentionLayout layout = ((PerSequence) batch.layout()).each().get(row);
      int[] theirs = interleaved(rows.get(row));
      for (int query = 0; query < columns; query++) {
        for (int key = 0; key < columns; key++) {
          int at = (row * columns + theirs[query]) * columns + theirs[key];
          assertThat(layout.allows(query, key))
              .as("row %d, %d sees %d", row, query, key)
              .isEqualTo(allowed.get(at) != 0);
        }
      }
    }
  }

  private static void compareScored(List<PackedRow> rows, ScoredBatch batch, Safetensors expected) {
    ByteBuffer masked = expected.bytes("masked_half");
    int columns = batch.columns();
    int[] scored =
        IntStream.range(0, masked.remaining())
            .filter(i -> masked.get(i) != 0)
            .map(i -> i / (columns / 2) * columns + i % (columns / 2))
            .toArray();
    assertThat(batch.rows()).isEqualTo(scored);
    int supervised = rows.stream().mapToInt(row -> row.supervised().cardinality()).sum();
    float[] probabilities = expected.floats("p_of_masked");
    for (int i = 0; i < scored.length; i++) {
      assertThat(1 / (batch.weights()[i] * supervised)).isCloseTo(probabilities[i], within(1e-5f));
    }
  }

  private static void compareLogits(
      FixtureCase fixture,
      List<PackedRow> rows,
      ScoredBatch batch,
      Safetensors expected,
      Transformer network) {
    float[] logits = expected.floats("concat_logits");
    int columns = batch.columns();
    int vocabulary = network.config().vocabularySize();
    for (int row = 0; row < rows.size(); row++) {
      int from = row * columns;
      int[] theirs = interleaved(rows.get(row));
      try (ForwardPass pass =
          network.forward(
              Arrays.copyOfRange(batch.ids(), from, from + columns),
              Arrays.copyOfRange(batch.positions(), from, from + columns),
              null,
              ((PerSequence) batch.layout()).each().get(row),
              IntStream.range(0, columns).toArray())) {
        float[][] actual = pass.logitsToHost();
        for (int i = 0; i < columns; i++) {
          int at = (from + theirs[i]) * vocabulary;
          assertThat(actual[i])
              .containsExactly(
                  Arrays.copyOfRange(logits, at, at + vocabulary),
                  within((float) fixture.tolerance("logits_abs")));
        }
      }
    }
  }

  private static int[] ints(Safetensors expected, String name) {
    return Arrays.stream(expected.longs(name)).mapToInt(Math::toIntExact).toArray();
  }

  /** Uniforms in the order they were drawn: times of the samples, then one a token, row by row. */
  private static final class RecordedDraws implements PackedBlockDiffusion.Draws {
    private final List<float[]> times = new ArrayList<>();
    private final List<float[]> tokens = new ArrayList<>();
    private int used = -1;
    private int lastRow = -1;
    private int lastAttempt = -1;

    RecordedDraws(Safetensors expected) {
      for (int i = 0; ; i++) {
        if (expected.tensors().containsKey("rng." + i + ".rand")) {
          times.add(expected.floats("rng." + i + ".rand"));
        } else if (expected.tensors().containsKey("rng." + i + ".rand_like")) {
          tokens.add(expected.floats("rng." + i + ".rand_like"));
        } else {
          break;
        }
      }
    }

    @Override
    public double time(int row, int attempt, int sample) {
      if (row != lastRow || attempt != lastAttempt) {
        used++;
        lastRow = row;
        lastAttempt = attempt;
      }
      return times.get(used)[sample];
    }

    @Override
    public double token(int row, int attempt, int position) {
      return tokens.get(used)[position];
    }
  }
}
