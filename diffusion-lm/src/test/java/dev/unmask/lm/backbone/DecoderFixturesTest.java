package dev.unmask.lm.backbone;

import static dev.unmask.lm.backbone.DecoderLogits.keyValues;
import static dev.unmask.lm.backbone.DecoderLogits.logits;
import static dev.unmask.lm.backbone.DecoderLogits.range;

import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.attention.AttentionLayout.Padded;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.family.ar.ArConfig;
import dev.unmask.lm.family.dream.DreamConfig;
import dev.unmask.lm.family.fastdllm2.FastDllm2Config;
import dev.unmask.lm.family.llada.LladaConfig;
import dev.unmask.lm.family.sdar.SdarConfig;
import dev.unmask.lm.family.smdm.SmdmConfig;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Logits and caches of the published code of every Llama-shaped family. */
@ReproducesKinds({
  "ar/causal",
  "dream/forward",
  "fast_dllm_v2/forward",
  "llada/forward",
  "loader/load",
  "sdar/forward",
  "smdm/forward"
})
@Covers(
    method = "smdm",
    parts = {Part.LOAD})
@Covers(
    method = "llada",
    parts = {Part.LOAD})
@Covers(
    method = "dream",
    parts = {Part.LOAD})
@Covers(
    method = "sdar",
    parts = {Part.LOAD})
@Covers(
    method = "fast-dllm-v2",
    parts = {Part.LOAD})
@Covers(
    method = "ar",
    parts = {Part.LOAD})
class DecoderFixturesTest {
  private interface Comparison {
    void run(Transformer network, DecoderLogits recorded, Safetensors expected);
  }

  private static Stream<DynamicTest> cases(
      String family,
      String kind,
      Function<JsonObject, BackboneConfig> reader,
      Comparison comparison) {
    return FixtureCase.ofKinds(family, kind)
        .map(
            fixture ->
                DynamicTest.dynamicTest(
                    fixture.name(), () -> compare(fixture, reader, comparison)));
  }

  private static void compare(
      FixtureCase fixture, Function<JsonObject, BackboneConfig> reader, Comparison comparison) {
    BackboneConfig config = reader.apply(ModelDirectory.at(fixture.directory()).config());
    try (Transformer network = DecoderLogits.network(fixture, config);
        Safetensors expected = fixture.expected()) {
      comparison.run(network, new DecoderLogits(fixture, expected), expected);
    }
  }

  private static void whole(
      Transformer network, DecoderLogits recorded, String ids, String logits) {
    AttentionLayout layout =
        switch (network.config().layout()) {
          case FULL -> new Full();
          case CAUSAL -> new Causal();
          case BLOCK_CAUSAL -> new BlockCausal(network.config().blockSize());
        };
    for (int row = 0; row < recorded.rows(ids); row++) {
      int[] tokens = recorded.ints(ids, row);
      int[] positions = range(0, tokens.length);
      recorded.compare(logits, row, logits(network, tokens, positions, null, layout));
    }
  }

  @TestFactory
  Stream<DynamicTest> nextTokenModels() {
    return cases(
        "ar",
        "ar/causal",
        ArConfig::read,
        (network, recorded, expected) -> {
          whole(network, recorded, "input_ids", "logits");
          for (int row = 0; row < recorded.rows("input_ids"); row++) {
            int[] ids = recorded.ints("input_ids", row);
            int[] positions = recorded.ints("position_ids", row);
            float[][] actual =
                logits(network, ids, positions, null, new BySlot(ids.length).causal());
            recorded.compare("logits_at_positions", row, actual);
          }
        });
  }

  /** The published code hides by place in the row, whatever the positions say. */
  private record BySlot(int length) {
    AttentionLayout causal() {
      return new Padded(new Causal(), 0, length);
    }

    AttentionLayout blocks(int size) {
      return new Padded(new BlockCausal(size), 0, length);
    }
  }

  @TestFactory
  Stream<DynamicTest> llada() {
    return cases(
        "llada",
        "llada/forward",
        LladaConfig::read,
        (network, recorded, expected) -> {
          if (expected.tensors().containsKey("positions")) {
            atPositions(network, recorded, expected);
          } else {
            whole(network, recorded, "input_ids", "logits");
            whole(network, recorded, "input_ids_2", "logits_2_uncached");
            cached(network, recorded, expected, "prefix.logits", "dual.logits");
          }
        });
  }

  private static void atPositions(
      Transformer network, DecoderLogits recorded, Safetensors expected) {
    int[] ids = recorded.ints("input_ids", 0);
    int[] rows = Arrays.stream(expected.longs("positions")).mapToInt(Math::toIntExact).toArray();
    try (ForwardPass pass = network.forward(ids, range(0, ids.length), null, new Full(), rows)) {
      recorded.compare("logits", 0, pass.logitsToHost());
    }
  }

  /** A block behind its cached prefix, and between cached prefix and suffix. */
  private static void cached(
      Transformer network,
      DecoderLogits recorded,
      Safetensors expected,
      String prefixLogits,
      String dualLogits) {
    for (int row = 0; row < recorded.rows("input_ids"); row++) {
      int[] before = recorded.ints("input_ids", row);
      int[] after = recorded.ints("input_ids_2", row);
      int length = before.length;
      int from = length - expected.info(prefixLogits).shape().get(1).intValue();
      int to = from + expected.info(dualLogits).shape().get(1).intValue();
      try (KeyValues whole = keyValues(network, before, 0, length, new Full());
          KeyValues left = whole.slice(0, from);
          KeyValues right = whole.slice(to, length);
          KeyValues around = left.concat(right)) {
        int[] rest = Arrays.copyOfRange(after, from, length);
        int[] block = Arrays.copyOfRange(after, from, to);
        recorded.compare(
            prefixLogits, row, logits(network, rest, range(from, length), left, new Full()));
        recorded.compare(
            dualLogits, row, logits(network, block, range(from, to), around, new Full()));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> smdm() {
    return cases(
        "smdm",
        "smdm/forward",
        SmdmConfig::read,
        (network, recorded, expected) -> {
          whole(network, recorded, "x_t", "logits_exact_rope");
          whole(network, recorded, "cfg.x_cond", "cfg.logits_cond");
          whole(network, recorded, "cfg.x_uncond", "cfg.logits_uncond");
        });
  }

  @TestFactory
  Stream<DynamicTest> smdmWithItsRoundedRotaryTable() {
    return cases(
        "smdm",
        "smdm/forward",
        json -> {
          BackboneConfig exact = SmdmConfig.read(json);
          return exact.rotatedBy(exact.rotary().roundedToBfloat16());
        },
        (network, recorded, expected) -> whole(network, recorded, "x_t", "logits_official_rope"));
  }

  @TestFactory
  Stream<DynamicTest> dream() {
    return cases(
        "dream",
        "dream/forward",
        DreamConfig::read,
        (network, recorded, expected) -> {
          whole(network, recorded, "input_ids", "logits_raw");
          whole(network, recorded, "input_ids_2", "logits_2_uncached_raw");
          cached(network, recorded, expected, "prefix.logits_raw", "dual.logits_raw");
          for (int row = 0; row < recorded.rows("padded.input_ids"); row++) {
            padded(network, recorded, row);
          }
        });
  }

  private static void padded(Transformer network, DecoderLogits recorded, int row) {
    int[] ids = recorded.ints("padded.input_ids", row);
    int[] visible = recorded.ints("padded.attention_mask", row);
    int from = 0;
    while (visible[from] == 0) {
      from++;
    }
    int[] positions = recorded.ints("padded.position_ids", row);
    float[][] actual =
        logits(network, ids, positions, null, new Padded(new Full(), from, ids.length));
    for (int i = 0; i < from; i++) {
      Arrays.fill(actual[i], 0); // the recording zeroes what padding predicts
    }
    recorded.compare("padded.logits_raw", row, actual);
  }

  @TestFactory
  Stream<DynamicTest> sdar() {
    return cases(
        "sdar",
        "sdar/forward",
        SdarConfig::read,
        (network, recorded, expected) -> {
          if (expected.tensors().containsKey("position_ids")) {
            int[] ids = recorded.ints("input_ids", 0);
            int[] positions = recorded.ints("position_ids", 0);
            AttentionLayout layout = new BySlot(ids.length).blocks(network.config().blockSize());
            recorded.compare("logits", 0, logits(network, ids, positions, null, layout));
            whole(network, recorded, "input_ids", "logits_from_zero");
          } else {
            whole(network, recorded, "input_ids", "logits");
            lastBlock(network, recorded, expected);
          }
        });
  }

  private static void lastBlock(Transformer network, DecoderLogits recorded, Safetensors expected) {
    int blockSize = network.config().blockSize();
    for (int row = 0; row < recorded.rows("input_ids"); row++) {
      int[] ids = recorded.ints("input_ids", row);
      int from = ids.length - blockSize;
      AttentionLayout layout = new BlockCausal(blockSize);
      try (KeyValues prefix = keyValues(network, ids, 0, from, layout)) {
        compareLayers(network, recorded, "cached.", row, prefix);
        int[] block = Arrays.copyOfRange(ids, from, ids.length);
        float[][] actual = logits(network, block, range(from, ids.length), prefix, layout);
        recorded.compare("cached.logits_last_block", row, actual);
      }
    }
  }

  private static void compareLayers(
      Transformer network, DecoderLogits recorded, String prefix, int row, KeyValues cache) {
    for (int layer = 0; layer < network.config().layers(); layer++) {
      recorded.compareCache(prefix + layer + ".k", row, cache, layer, 0);
      recorded.compareCache(prefix + layer + ".v", row, cache, layer, 1);
    }
  }

  @TestFactory
  Stream<DynamicTest> fastDllm2() {
    return cases(
        "fast_dllm_v2",
        "fast_dllm_v2/forward",
        FastDllm2Config::read,
        DecoderFixturesTest::hierarchical);
  }

  private static void hierarchical(
      Transformer network, DecoderLogits recorded, Safetensors expected) {
    int[] prompt = recorded.ints("prefix_ids", 0);
    int[] block = recorded.ints("block_ids", 0);
    int start = prompt.length;
    int[] all = Arrays.copyOf(prompt, start + block.length);
    System.arraycopy(block, 0, all, start, block.length);
    AttentionLayout layout = new BlockCausal(network.config().blockSize());
    int[] everywhere = range(0, all.length);
    recorded.compare("full_logits", 0, logits(network, all, everywhere, null, layout));
    recorded.compare("prefix_logits", 0, logits(network, prompt, range(0, start), null, layout));
    try (KeyValues prefix = keyValues(network, prompt, 0, start, layout);
        ForwardPass pass =
            network.forward(
                block, range(start, all.length), prefix, layout, range(0, block.length))) {
      recorded.compare("block_logits", 0, pass.logitsToHost());
      compareLayers(network, recorded, "prefix_cache.", 0, prefix);
      compareLayers(network, recorded, "block_cache.", 0, pass.keyValues());
      subBlock(network, recorded, prefix, pass.keyValues(), start);
    }
  }

  private static void subBlock(
      Transformer network, DecoderLogits recorded, KeyValues prefix, KeyValues block, int start) {
    int[] ids = recorded.ints("sub_ids", 0);
    int at = recorded.parameter("a");
    try (KeyValues before = block.slice(0, at);
        KeyValues after = block.slice(at + ids.length, block.length());
        KeyValues around = prefix.concat(before)) {
      around.append(after);
      int[] positions = range(start + at, start + at + ids.length);
      recorded.compare("sub_logits", 0, logits(network, ids, positions, around, new Full()));
    }
  }

  @TestFactory
  Stream<DynamicTest> halfPrecisionAndShards() {
    return FixtureCase.ofKinds("loader", "loader/load")
        .filter(fixture -> !fixture.name().contains("radd"))
        .map(
            fixture ->
                DynamicTest.dynamicTest(
                    fixture.name(),
                    () ->
                        compare(
                            fixture,
                            DecoderFixturesTest::anyOf,
                            (network, recorded, expected) ->
                                whole(network, recorded, "input_ids", "logits"))));
  }

  private static BackboneConfig anyOf(JsonObject json) {
    if (LladaConfig.recognises(json)) {
      return LladaConfig.read(json);
    }
    return SdarConfig.recognises(json) ? SdarConfig.read(json) : FastDllm2Config.read(json);
  }
}
