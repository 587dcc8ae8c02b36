package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.benchmarks.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of it on a real stack, with few rows. */
class RegistryBenchmarkIT {

  private static final RegistryScale TINY =
      new RegistryScale("tiny", false, 300, 4_000, 3, 600, 20, 3L << 20, 0.3, 5);

  @TempDir private Path directory;

  @Test
  void measuresEveryRowAndKeepsItsSeed() throws Exception {
    List<Result> results = new ArrayList<>();

    RegistryBenchmark.run(
        RegistryBenchmark.chosen(List.of()),
        TINY,
        Path.of("..", "unmask"),
        directory,
        results::add);

    List<JsonObject> lines =
        results.stream()
            .map(each -> JsonParser.parseString(each.json()).getAsJsonObject())
            .toList();
    assertThat(lines).hasSize(1 + Row.values().length);
    assertThat(lines.getFirst().get("runs").getAsInt()).isEqualTo(300 + 3 + 1);
    assertThat(lines.getFirst().get("points").getAsInt()).isEqualTo(10 * 300 + 3 * 600 + 4_000);
    for (JsonObject line : lines) {
      assertThat(line.has("failed")).as("%s", line).isFalse();
      assertThat(line.get("value").isJsonNull()).as("%s", line).isEqualTo(line.has("missing"));
    }
    assertThat(lines.stream().skip(1).map(line -> line.get("case").getAsString()))
        .doesNotHaveDuplicates();
    assertThat(Arrays.asList(directory.toFile().list()))
        .containsExactlyInAnyOrder("benchmark.lock", seedName());
  }

  private String seedName() throws Exception {
    try (var folders = Files.list(directory)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.endsWith(".seed"))
          .findFirst()
          .orElseThrow();
    }
  }
}
