package dev.unmask.lm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.family.ar.ArConfig;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compares with the quantisers of the gguf package and the GGUF loader of transformers. */
@ReproducesKinds({"gguf/load"})
@Covers(
    method = "ar",
    parts = {Part.LOAD})
class GgufFixturesTest {

  private static final String STORED = "dequantised.";

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> readsGgufAsPublished() {
    return FixtureCase.ofKinds("gguf", "gguf/load")
        .flatMap(
            fixture ->
                Stream.of(
                    dynamicTest(fixture.name() + " weights", () -> weights(fixture)),
                    dynamicTest(fixture.name() + " logits", () -> logits(fixture)),
                    dynamicTest(fixture.name() + " tokens", () -> tokens(fixture)),
                    dynamicTest(fixture.name() + " export", () -> export(fixture))));
  }

  private static GgufModel open(FixtureCase fixture) {
    return GgufModel.open(fixture.directory().resolve("model.gguf"));
  }

  private static void weights(FixtureCase fixture) {
    float tolerance = (float) fixture.tolerance("dequantised_abs");
    try (GgufModel model = open(fixture);
        Safetensors expected = fixture.expected()) {
      for (String name : expected.tensors().keySet()) {
        if (name.startsWith(STORED)) {
          assertThat(model.stored(name.substring(STORED.length())))
              .as(name)
              .containsExactly(expected.floats(name), within(tolerance));
        }
      }
    }
  }

  private static void logits(FixtureCase fixture) {
    try (GgufModel model = open(fixture);
        Transformer network = network(ArConfig.read(model.config()), model.tensors())) {
      assertComputesAsRecorded(fixture, network);
    }
  }

  private static Transformer network(BackboneConfig config, TensorSource tensors) {
    return Transformer.forDecoding(config, Weights.read(config, tensors), Precision.F32);
  }

  private static void assertComputesAsRecorded(FixtureCase fixture, Transformer network) {
    try (Safetensors expected = fixture.expected()) {
      long[] shape = expected.info("logits").dimensions();
      int[] ids = ints(expected.longs("input_ids"));
      float[] all = expected.floats("logits");
      int length = (int) shape[1];
      int columns = (int) shape[2];
      for (int row = 0; row < shape[0]; row++) {
        float[][] actual =
            logits(network, Arrays.copyOfRange(ids, row * length, (row + 1) * length));
        for (int i = 0; i < length; i++) {
          int at = (row * length + i) * columns;
          assertThat(actual[i])
              .as("logits of token %d of sequence %d", i, row)
              .containsExactly(
                  Arrays.copyOfRange(all, at, at + columns),
                  within((float) fixture.tolerance("logits_abs")));
        }
      }
      assertThat(greedy(network, expected)).isEqualTo(ints(expected.longs("greedy")));
    }
  }

  private static float[][] logits(Transformer network, int[] ids) {
    int[] positions = IntStream.range(0, ids.length).toArray();
    try (ForwardPass pass = network.forward(ids, positions, null, new Causal(), positions)) {
      return pass.logitsToHost();
    }
  }

  private static int[] greedy(Transformer network, Safetensors expected) {
    int[] ids = ints(expected.longs("prompt"));
    int prompt = ids.length;
    int[] recorded = ints(expected.longs("greedy"));
    boolean withPrompt = Arrays.equals(Arrays.copyOf(recorded, prompt), ids);
    int length = withPrompt ? recorded.length : prompt + recorded.length;
    while (ids.length < length) {
      float[] last = logits(network, ids)[ids.length - 1];
      int best = 0;
      for (int id = 1; id < last.length; id++) {
        best = last[id] > last[best] ? id : best;
      }
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = best;
    }
    return Arrays.copyOfRange(ids, withPrompt ? 0 : prompt, ids.length);
  }

  private static void tokens(FixtureCase fixture) throws IOException {
    try (GgufModel model = open(fixture)) {
      assertTokenises(fixture, model.tokenizer());
    }
  }

  private static void assertTokenises(FixtureCase fixture, Tokenizer tokenizer) throws IOException {
    String cases = Files.readString(fixture.directory().resolve("token_cases.json"));
    for (JsonElement element : JsonParser.parseString(cases).getAsJsonArray()) {
      JsonObject expected = element.getAsJsonObject();
      String text = expected.get("text").getAsString();
      int[] ids =
          expected.getAsJsonArray("ids").asList().stream()
              .mapToInt(JsonElement::getAsInt)
              .toArray();
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
    }
  }

  private void export(FixtureCase fixture) throws IOException {
    Path target = directory.resolve(fixture.directory().getFileName());
    try (GgufModel model = open(fixture)) {
      model.exportTo(target);
    }
    ModelDirectory written = ModelDirectory.at(target);
    try (TensorSource tensors = written.openTensors();
        Transformer network = network(ArConfig.read(written.config()), tensors)) {
      assertComputesAsRecorded(fixture, network);
    }
    assertTokenises(fixture, Tokenizers.load(target));
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }
}
