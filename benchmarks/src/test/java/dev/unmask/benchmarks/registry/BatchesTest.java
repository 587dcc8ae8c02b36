package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private final Batches batches = new Batches("run");

  @Test
  void givesEachKeyEveryStepOnce() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      JsonObject batch = JsonParser.parseString(batches.batch(1_000)).getAsJsonObject();
      assertThat(batch.get("run_id").getAsString()).isEqualTo("run");
      for (JsonElement metric : batch.getAsJsonArray("metrics")) {
        JsonObject fields = metric.getAsJsonObject();
        assertThat(fields.get("value").getAsDouble()).isFinite();
        assertThat(fields.get("timestamp").getAsLong()).isPositive();
        seen.add(fields.get("key").getAsString() + " " + fields.get("step").getAsLong());
      }
    }

    assertThat(seen).hasSize(3_000).contains("m0 0", "m9 299");
  }

  @Test
  void logsOneMetricWithItsRun() {
    JsonObject metric = JsonParser.parseString(batches.metric()).getAsJsonObject();

    assertThat(metric.keySet()).containsExactly("run_id", "key", "value", "timestamp", "step");
  }
}
