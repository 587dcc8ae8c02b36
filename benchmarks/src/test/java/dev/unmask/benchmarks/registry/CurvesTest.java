package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CurvesTest {

  @Test
  void findsTheExtremesOfBucketsAndOfPoints() {
    String answer =
        """
        {"series": [
          {"runId": "a", "key": "loss", "count": 70, "buckets": [
            {"count": 64, "first": [0, 2], "last": [63, 1], "min": [9, 0.5], "max": [3, 2.5]},
            {"count": 6, "first": [64, 1], "last": [69, 1], "min": [65, 0.75], "max": [66, 1]}]},
          {"runId": "b", "key": "loss", "count": 2, "points": [[0, 3.5], [1, 0.25]]}]}
        """;

    assertThat(Curves.summary(new Reply(200, answer.getBytes(StandardCharsets.UTF_8), 0)))
        .isEqualTo(new Curves.Summary(2, 72, 4, 0.25, 3.5));
  }
}
