package dev.unmask.inference;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.Parameter;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Model directories with random weights, large enough that predictions are opinionated. */
final class TinyModels {
  private TinyModels() {}

  /**
   * Files of a byte-level model.
   *
   * @param blockSize 0 for full attention
   */
  static Map<String, byte[]> files(Path scratch, long seed, int blockSize) throws IOException {
    return files(scratch, seed, blockSize, "unmask");
  }

  /**
   * Files of a byte-level model of a family.
   *
   * @param blockSize 0 for full attention
   */
  static Map<String, byte[]> files(Path scratch, long seed, int blockSize, String family)
      throws IOException {
    BackboneConfig config =
        BackboneConfig.llama(
            new ByteTokenizer().vocabularySize() + 1, 2, 32, 2, 64, 256, blockSize);
    KeyedRandom random = KeyedRandom.of(seed);
    Path directory =
        Files.createDirectories(
            scratch.resolve("tiny-%d-%d-%s".formatted(seed, blockSize, family)));
    SafetensorsWriter tensors = new SafetensorsWriter();
    try (Weights weights =
        Weights.create(config, parameter -> values(parameter, random.split(parameter.name())))) {
      weights.write(tensors, "");
      JsonObject json = BackboneConfigJson.write(config);
      json.addProperty(Families.FAMILY, family);
      ModelDirectory.write(directory, json, tensors);
    }
    new ByteTokenizer().save(directory);
    return read(directory);
  }

  private static float[] values(Parameter parameter, KeyedRandom random) {
    float[] values =
        new float[(int) Arrays.stream(parameter.dimensions()).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (parameter.role()) {
            case EMBEDDING, MATRIX, RESIDUAL_MATRIX -> (float) (0.4 * random.gaussian(i));
            case GAIN -> 1;
            default -> 0;
          };
    }
    return values;
  }

  private static Map<String, byte[]> read(Path directory) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      List<Path> all = paths.toList();
      for (Path path : all) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }
}
