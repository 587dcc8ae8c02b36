package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptValuesTest {

  @Test
  void knowsTheValuesOfEarlierCalls(@TempDir Path directory) {
    Path file = directory.resolve("work").resolve("values.jsonl");
    KeptValues.in(file).get("a", () -> 1.5);
    KeptValues again = KeptValues.in(file);

    assertThat(again.get("a", () -> 2)).isEqualTo(1.5);
    assertThat(again.get("b", () -> 2)).isEqualTo(2);
  }

  @Test
  void goesOnBehindALineThatWasCutOff(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("values.jsonl");
    KeptValues.in(file).get("a", () -> 1);
    Files.writeString(file, "{\"run\":\"b\",\"va", StandardOpenOption.APPEND);

    KeptValues.in(file).get("c", () -> 3);
    KeptValues again = KeptValues.in(file);

    assertThat(again.get("a", () -> 0)).isEqualTo(1);
    assertThat(again.get("b", () -> 2)).isEqualTo(2);
    assertThat(again.get("c", () -> 0)).isEqualTo(3);
  }
}
