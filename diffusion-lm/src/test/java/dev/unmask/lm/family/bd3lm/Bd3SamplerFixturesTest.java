package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.WindowCache;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.BlockReveal;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.ReverseBlockDenoising;
import dev.unmask.lm.decoding.ReverseBlockDenoising.Draws;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Samples of BD3-LM's published code, reproduced from its recorded random numbers. */
@ReproducesKinds("bd3lm/sampler")
@Covers(
    method = "bd3lm",
    parts = {Part.SAMPLE})
class Bd3SamplerFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryRun() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/sampler")
        .flatMap(
            fixture ->
                fixture.params().getAsJsonArray("runs").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .flatMap(
                        run ->
                            Stream.of(CacheKind.NONE, CacheKind.BLOCK)
                                .map(
                                    cache ->
                                        dynamicTest(
                                            fixture.name() + " " + cache + " " + run,
                                            () -> compare(fixture, run, cache)))));
  }

  private static void compare(FixtureCase fixture, JsonObject run, CacheKind cache) {
    ModelDirectory model = ModelDirectory.at(fixture.directory());
    BackboneConfig shape = Bd3Family.config(model.config());
    try (Safetensors expected = fixture.expected();
        DiffusionTransformer network = DitLoader.load(shape, model, Precision.F32)) {
      Run recorded = Run.of(fixture, run, expected);
      try (ReverseBlockDenoising denoising = recorded.start(network, cache)) {
        recorded.follow(denoising);

        assertThat(denoising.canvas()).isEqualTo(recorded.ints("final"));
        assertThat(denoising.reverseSteps()).isEqualTo(recorded.before().length);
        assertThat(denoising.report().nfe()).isEqualTo(run.get("reported_nfe").getAsInt());
      }
      recorded.compareWeights(network);
    }
  }

  private record Run(FixtureCase fixture, JsonObject json, Safetensors expected, String name) {
    static Run of(FixtureCase fixture, JsonObject json, Safetensors expected) {
      return new Run(fixture, json, expected, "run" + json.get("run").getAsInt() + ".");
    }

    int blockSize() {
      return fixture.params().get("block_size").getAsInt();
    }

    int maskId() {
      return fixture.params().get("mask_id").getAsInt();
    }

    int[] ints(String tensor) {
      return Arrays.stream(expected.longs(name + tensor)).mapToInt(Math::toIntExact).toArray();
    }

    int[][] blocks(String tensor) {
      int[] flat = ints(tensor);
      int[][] blocks = new int[flat.length / blockSize()][];
      Arrays.setAll(blocks, i -> Arrays.copyOfRange(flat, i * blockSize(), (i + 1) * blockSize()));
      return blocks;
    }

    int[][] before() {
      return blocks("block_before");
    }

    BlockReveal reveal() {
      return json.get("first_hitting").getAsBoolean()
          ? new BlockReveal.FirstHitting()
          : new BlockReveal.Ancestral(
              new BlockNoise.Linear()::maskProbability,
              json.get("steps").getAsInt(),
              BlockReveal.Grid.PUBLISHED);
    }

    CleanToken distribution() {
      return new CleanToken(maskId(), 1, new Nucleus(json.get("nucleus_p").getAsDouble()));
    }

    int window(BackboneConfig shape) {
      int window = Math.min(json.get("context_size").getAsInt(), shape.contextLength());
      return window / blockSize() * blockSize();
    }

    ReverseBlockDenoising start(DiffusionTransformer network, CacheKind cache) {
      BackboneConfig shape = network.config();
      int length = json.get("strides").getAsInt() * blockSize();
      DecodeSettings settings =
          new DecodeSettings(
              length - 1,
              blockSize(),
              new FixedTokensPerStep(1),
              cache,
              1,
              json.get("nucleus_p").getAsDouble(),
              0,
              List.of());
      return ReverseBlockDenoising.start(
          Bd3Model.withoutEnd(shape),
          Canvas.completion(fixture.params().get("bos_id").getAsInt()),
          settings,
          SilentTokens.of(shape.vocabularySize()),
          offset ->
              new WindowCache(
                  network, blockSize(), window(shape), offset, cache == CacheKind.BLOCK),
          new ReverseBlockDenoising.Rule(reveal(), distribution(), text -> false),
          draws(shape.vocabularySize()));
    }

    Draws draws(int vocabulary) {
      double[] race = expected.doubles(name + "u_race");
      boolean firstHitting = json.get("first_hitting").getAsBoolean();
      double[] times = firstHitting ? expected.doubles(name + "u_time") : new double[0];
      int[] picks = firstHitting ? ints("pick") : new int[0];
      return new Draws() {
        @Override
        public double uniform(int step, int position, int token) {
          return race[(step * blockSize() + position % blockSize()) * vocabulary + token];
        }

        @Override
        public int pick(int step, int masked) {
          return picks[step];
        }

        @Override
        public double time(int step) {
          return times[step];
        }
      };
    }

    /** Compares the block after every forward pass, and the time. */
    void follow(ReverseBlockDenoising denoising) {
      int[][] after = blocks("block_after");
      double[] t = expected.doubles(name + "t");
      while (!denoising.finished()) {
        int block = denoising.step().block();
        int last = denoising.reverseSteps() - 1;
        int from = block * blockSize();
        assertThat(Arrays.copyOfRange(denoising.canvas(), from, from + blockSize()))
            .as("step %d", last)
            .isEqualTo(after[last]);
        assertThat(denoising.time()).as("step %d", last).isCloseTo(t[last], within(1e-5));
      }
    }

    /** The weights of every race, of positions that are filled already too. */
    void compareWeights(DiffusionTransformer network) {
      double[] weights = expected.doubles(name + "probs");
      int vocabulary = network.config().vocabularySize();
      int[][] before = before();
      int[][] after = blocks("block_after");
      List<Integer> finished = new ArrayList<>();
      int step = 0;
      for (int i = 0; i < before.length; i++) {
        if (i > 0 && isFilled(after[i - 1])) {
          for (int token : after[i - 1]) {
            finished.add(token);
          }
          step = 0;
        }
        double[][] clean = clean(network, finished, before[i]);
        for (int position = 0; position < blockSize(); position++) {
          int from = (i * blockSize() + position) * vocabulary;
          assertThat(reveal().weights(step, clean[position], maskId()))
              .as("step %d, position %d", i, position)
              .containsExactly(
                  Arrays.copyOfRange(weights, from, from + vocabulary),
                  within(fixture.tolerance("probs_abs")));
        }
        step++;
      }
    }

    private boolean isFilled(int[] block) {
      return Arrays.stream(block).noneMatch(token -> token == maskId());
    }

    private double[][] clean(DiffusionTransformer network, List<Integer> finished, int[] block) {
      int[] text =
          IntStream.concat(finished.stream().mapToInt(Integer::intValue), IntStream.of(block))
              .toArray();
      int[] seen =
          Arrays.copyOfRange(
              text, Math.max(0, text.length - window(network.config())), text.length);
      int[] all = IntStream.range(0, seen.length).toArray();
      int[] rows = IntStream.range(seen.length - blockSize(), seen.length).toArray();
      double[][] clean = new double[blockSize()][];
      try (ForwardPass pass =
          network.forward(seen, all, null, new BlockCausal(blockSize()), rows)) {
        float[][] logits = pass.logitsToHost();
        for (int position = 0; position < clean.length; position++) {
          float[] row = logits[position];
          double[] wide = IntStream.range(0, row.length).mapToDouble(v -> row[v]).toArray();
          clean[position] =
              block[position] == maskId()
                  ? distribution().apply(wide)
                  : oneHot(block[position], row.length);
        }
      }
      return clean;
    }

    private static double[] oneHot(int token, int size) {
      double[] p = new double[size];
      p[token] = 1;
      return p;
    }
  }
}
