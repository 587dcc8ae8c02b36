package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RunSearchIT {
  private final Client team = RegistryServer.shared().team("search-" + UUID.randomUUID());

  @BeforeEach
  void logFourRuns() {
    run("one", 1, "0.5", "a", "plain");
    run("two", 2, "2.5", "b", "50%_off");
    run("nan", 3, "\"NaN\"", "c", "Plain");
    run("none", 4, null, "d", null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metrics.loss > 1 | two",
        "metrics.loss < 1 | one",
        "metrics.loss != 0.5 | nan two",
        "metrics.`loss` <= 2.5 | two one",
        "params.p != 'a' | none nan two",
        "tags.kind = 'plain' | one",
        "tags.kind ILIKE 'plain' | nan one",
        "tags.kind LIKE 'pl%' | one",
        "tags.kind != 'plain' | nan two",
        "attributes.run_name = 'two' | two",
        "run_name LIKE 'n%' | none nan",
        "status = 'RUNNING' and start_time >= 2 and start_time < 4 | nan two",
        "end_time > 0 | ",
        "tags.mlflow.runName = 'one' | one",
        "tags.kind = \\\"'; DROP TABLE runs; --\\\" | ",
      })
  void findsByFilter(String filter, @Nullable String names) {
    assertThat(names(search(filter, List.of())))
        .containsExactlyElementsOf(names == null ? List.of() : List.of(names.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metrics.loss | one two nan none",
        "metrics.loss DESC | two one nan none",
        "params.p DESC | none nan two one",
        "attributes.start_time ASC | one two nan none",
        "run_name | nan none one two",
      })
  void ordersNumbersThenNanThenMissing(String order, String names) {
    assertThat(names(search("", List.of(order)))).containsExactly(names.split(" "));
  }

  @Test
  void pagesWithoutLossOrRepetition() {
    List<String> all = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonNode page =
          team.post(
                  "runs/search",
                  "{\"experiment_ids\": [\"0\"], \"max_results\": 3, \"page_token\": \"%s\"}"
                      .formatted(token))
              .json();
      all.addAll(names(page));
      token = page.has("next_page_token") ? page.get("next_page_token").stringValue() : "";
      pages++;
    } while (!token.isEmpty());

    assertThat(all).containsExactly("none", "nan", "two", "one");
    assertThat(pages).isEqualTo(2);
  }

  private JsonNode search(String filter, List<String> order) {
    String orders = order.isEmpty() ? "" : "\"" + String.join("\", \"", order) + "\"";
    var answer =
        team.post(
            "runs/search",
            "{\"experiment_ids\": [\"0\"], \"filter\": \"%s\", \"order_by\": [%s]}"
                .formatted(filter, orders));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.path("runs").forEach(run -> names.add(run.at("/info/run_name").stringValue()));
    return names;
  }

  private void run(
      String name, int start, @Nullable String loss, String param, @Nullable String kind) {
    String id =
        team.post(
                "runs/create",
                "{\"experiment_id\": \"0\", \"run_name\": \"%s\", \"start_time\": %d}"
                    .formatted(name, start))
            .json()
            .at("/run/info/run_id")
            .stringValue();
    String metrics =
        loss == null ? "" : "{\"key\": \"loss\", \"value\": " + loss + ", \"timestamp\": 1}";
    String tags = kind == null ? "" : "{\"key\": \"kind\", \"value\": \"" + kind + "\"}";
    var answer =
        team.post(
            "runs/log-batch",
            "{\"run_id\": \"%s\", \"metrics\": [%s], \"tags\": [%s], \"params\": [{\"key\": \"p\", \"value\": \"%s\"}]}"
                .formatted(id, metrics, tags, param));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }
}
