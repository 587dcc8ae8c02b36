package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.run.Batch;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class BatchParserTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final BatchParser parser = new BatchParser(JSON);

  @Test
  void readsMetricsAndLeavesEverythingElse() {
    BatchRequest request =
        parse(
                """
                {"run_id": "r", "metrics": [
                  {"key": "a/b", "value": 1.5, "timestamp": 7, "step": -3, "extra": {"x": [1]}},
                  {"value": 2, "key": "a/b", "timestamp": "8"}],
                 "tags": [{"key": "t", "value": "v"}], "unknown": [[1], {"metrics": 2}]}
                """)
            .orElseThrow();

    assertThat(request.metrics())
        .containsExactly(new MetricPoint("a/b", 1.5, 7, -3), new MetricPoint("a/b", 2, 8, 0));
    assertThat(request.fields().runId()).isEqualTo("r");
    assertThat(request.fields().tags("tags")).containsEntry("t", "v").hasSize(1);
    assertThat(request.fields().has("metrics")).isFalse();
  }

  @Test
  void leavesMetricsOfLoggedModelsToTheTree() {
    assertThat(
            parse(
                "{\"metrics\": [{\"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"model_id\": \"m-1\"}]}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metrics\": []}",
        "{}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": \"NaN\", \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": \"-Infinity\", \"timestamp\": \"1\"}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": 1e400, \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": -0.0, \"timestamp\": 9007199254740993}]}",
        "{\"metrics\": [{\"key\": \"x\", \"key\": \"é y\", \"value\": 1, \"timestamp\": 1}]}",
      })
  void readsWhatTheTreeReads(String body) {
    Batch ofTree =
        LoggedFields.batch(
            "r", new BatchRequest(new MlflowRequest((ObjectNode) JSON.readTree(body)), null));

    assertThat(Objects.requireNonNull(parse(body).orElseThrow().metrics()))
        .isEqualTo(ofTree.metrics());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"metrics\": 1}",
        "{\"metrics\": null}",
        "{\"metrics\": [1]}",
        "{\"metrics\": [{}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": 5, \"value\": 1, \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"../m\", \"value\": 1, \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\\u0000\", \"value\": 1, \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": \"1\", \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": null, \"timestamp\": 1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": 1, \"timestamp\": 1.0}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": 1, \"timestamp\": -1}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"step\": 1e30}]}",
        "{\"metrics\": [{\"key\": \"m\", \"value\": 1, \"timestamp\": 99999999999999999999}]}",
        "{\"metrics\": []} {}",
        "{\"metrics\": [",
        "\"{\\\"metrics\\\": []}\"",
      })
  void leavesWhatIsUnusualToTheTree(String body) {
    assertThat(parse(body)).isEmpty();
  }

  @Test
  void leavesMoreMetricsThanABatchMayHaveToTheTree() {
    String metric = "{\"key\": \"m\", \"value\": 1, \"timestamp\": 1}";

    assertThat(parse(bodyOf(Collections.nCopies(1_000, metric)))).isPresent();
    assertThat(parse(bodyOf(Collections.nCopies(1_001, metric)))).isEmpty();
  }

  private static String bodyOf(List<String> metrics) {
    return "{\"metrics\": " + metrics + "}";
  }

  private Optional<BatchRequest> parse(String body) {
    return parser.parse(body.getBytes(StandardCharsets.UTF_8));
  }
}
