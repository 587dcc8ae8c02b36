package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unmask.system.SharedStack.Trained;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a training run tells of itself, read through the gateway. */
@ExtendWith(SharedStack.class)
class RunTruthIT {
  private static final String HISTOGRAMS = "/histograms?key=validation/loss_by_mask_ratio";

  @Test
  void showsWhatTheModelWroteAtItsLastStep(Trained trained) {
    JsonNode samples = of(trained, "/samples?from=" + TinyModel.STEPS).path("samples");

    assertThat(samples).hasSize(2);
    List<String> names = new ArrayList<>();
    samples.forEach(sample -> names.add(sample.path("name").asText()));
    assertThat(names).containsExactly("continued", "free");
    assertThat(samples.get(0).path("prompt").asText()).isNotEmpty();
    assertThat(samples.get(0).path("step").asInt()).isEqualTo(TinyModel.STEPS);
  }

  @Test
  void showsItsLossByMaskRatio(Trained trained) {
    JsonNode series = of(trained, HISTOGRAMS);

    assertThat(series.path("thinned").asBoolean()).isFalse();
    JsonNode last = series.path("histograms").get(series.path("histograms").size() - 1);
    assertThat(last.path("step").asInt()).isEqualTo(TinyModel.STEPS);
    assertThat(last.path("edges")).hasSize(11);
    long tokens = 0;
    for (int bin = 0; bin < 10; bin++) {
      long count = last.path("counts").get(bin).asLong();
      tokens += count;
      double nats = last.path("sums").get(bin).asDouble();
      if (count > 0) {
        // Blocks of four tokens: an untrained guess of 301 costs 5.7 nats.
        assertThat(nats / count).isBetween(0.0, 7.0);
      } else {
        assertThat(nats).isZero();
      }
    }
    assertThat(tokens).isPositive();
  }

  @Test
  void tellsWhereItComesFromAndWhatItTook(Trained trained) {
    String runId = trained.job().path("runId").asText();
    JsonNode run =
        trained.gateway().get("/api/2.0/mlflow/runs/get?run_id=" + runId).json().path("run");
    Map<String, String> tags = new TreeMap<>();
    run.at("/data/tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    List<String> metrics = new ArrayList<>();
    run.at("/data/metrics").forEach(metric -> metrics.add(metric.path("key").asText()));

    assertThat(metrics).contains("system/system_memory_usage_megabytes");
    assertThat(tags).containsKeys("unmask.environment.java", "unmask.environment.pytorch");
    assertThat(tags.get("unmask.environment.command")).contains("java").doesNotContain("umk_");
    JsonNode origin = of(trained, "").path("origin");
    assertThat(origin.path("dataSha256").asText()).matches("[0-9a-f]{64}");
    assertThat(origin.path("seed").asText()).isEqualTo("7");
    if (origin.has("commit")) {
      assertThat(origin.path("commit").asText()).matches("[0-9a-f]{40}");
      assertThat(origin.path("missing")).isEmpty();
    }
    if (tags.getOrDefault("unmask.source.difference", "").startsWith("source/")) {
      String files = "/api/2.0/mlflow/artifacts/list?path=source&run_id=" + runId;
      assertThat(trained.gateway().get(files).json().toString()).contains("difference.patch");
    }
  }

  private static JsonNode of(Trained trained, String path) {
    String run = "/api/v1/registry/runs/" + trained.job().path("runId").asText();
    Gateway.Answer answer = trained.gateway().get(run + path);
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
    return answer.json();
  }
}
