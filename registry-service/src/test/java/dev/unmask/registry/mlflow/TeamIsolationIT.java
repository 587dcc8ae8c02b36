package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What is another team's does not exist, and what states no role is not reachable. */
class TeamIsolationIT {
  private static final List<String> PUBLIC =
      List.of("/api/v1/identity/exchange", "/api/v1/identity/jwks", "/error");

  private final RegistryServer registry = RegistryServer.shared();
  private final Client red = registry.team("red-" + UUID.randomUUID());
  private final Client blue = registry.team("blue-" + UUID.randomUUID());
  private String experiment = "";
  private String run = "";

  @BeforeEach
  void fillTheRedTeam() {
    experiment =
        red.post("experiments/create", "{\"name\": \"%s\"}".formatted(UUID.randomUUID()))
            .json()
            .get("experiment_id")
            .stringValue();
    run =
        red.post("runs/create", "{\"experiment_id\": \"%s\"}".formatted(experiment))
            .json()
            .at("/run/info/run_id")
            .stringValue();
    red.send("PUT", file(), BodyPublishers.ofString("{}"));
    red.post("registered-models/create", "{\"name\": \"m\"}");
    red.post("model-versions/create", "{\"name\": \"m\", \"source\": \"runs:/" + run + "/model\"}");
  }

  @Test
  void answersAnotherTeamsIdsBy404() {
    String byRun = "{\"run_id\": \"" + run + "\"";
    String byExperiment = "{\"experiment_id\": \"" + experiment + "\"";

    missing(blue.get("/api/2.0/mlflow/runs/get?run_id=" + run));
    missing(blue.get("/api/2.0/mlflow/metrics/get-history?metric_key=m&run_id=" + run));
    missing(blue.get("/api/2.0/mlflow/artifacts/list?run_id=" + run));
    missing(blue.get("/api/2.0/mlflow/experiments/get?experiment_id=" + experiment));
    missing(blue.post("runs/create", byExperiment + "}"));
    missing(blue.post("runs/delete", byRun + "}"));
    missing(blue.post("runs/update", byRun + ", \"status\": \"KILLED\"}"));
    missing(blue.post("runs/log-batch", byRun + "}"));
    missing(
        blue.post("runs/log-metric", byRun + ", \"key\": \"a\", \"value\": 1, \"timestamp\": 1}"));
    missing(blue.post("runs/set-tag", byRun + ", \"key\": \"a\", \"value\": \"b\"}"));
    missing(blue.post("experiments/delete", byExperiment + "}"));
    missing(blue.post("experiments/update", byExperiment + ", \"new_name\": \"stolen\"}"));
    missing(blue.get(file()));
    missing(blue.send("PUT", file(), BodyPublishers.ofString("evil")));
    missing(blue.send("DELETE", file(), BodyPublishers.noBody()));
    missing(blue.get("/api/2.0/mlflow/registered-models/get?name=m"));
    missing(blue.get("/api/2.0/mlflow/model-versions/get?name=m&version=1"));
    missing(blue.get("/api/2.0/mlflow/model-versions/get-download-uri?name=m&version=1"));
    missing(blue.get("/api/v1/registry/models/m"));
    missing(blue.get("/api/v1/registry/models/m/versions/1"));
    missing(blue.get("/api/v1/registry/models/m/versions/1/files?path=config.json"));
    blue.post("registered-models/create", "{\"name\": \"mine\"}");
    missing(
        blue.post(
            "model-versions/create",
            "{\"name\": \"mine\", \"source\": \"runs:/" + run + "/model\"}"));
    assertThat(red.get(file()).text()).isEqualTo("{}");
  }

  @Test
  void findsNothingOfAnotherTeamBySearching() {
    String search = "{\"experiment_ids\": [\"%s\"], \"run_view_type\": 3}".formatted(experiment);

    assertThat(blue.post("runs/search", search).text()).isEqualTo("{}");
    assertThat(red.post("runs/search", search).json().get("runs")).hasSize(1);
    assertThat(blue.get("/api/2.0/mlflow/registered-models/search").text()).isEqualTo("{}");
    assertThat(blue.get("/api/2.0/mlflow/model-versions/search").text()).isEqualTo("{}");
    assertThat(blue.get("/api/v1/registry/models").text()).isEqualTo("[]");
    assertThat(blue.post("experiments/search", "{}").json().get("experiments")).hasSize(1);
  }

  @Test
  void givesEachTeamADefaultExperimentOfItsOwn() {
    String create = "{\"experiment_id\": \"0\"}";
    red.post("runs/create", create);

    assertThat(blue.post("runs/search", "{\"experiment_ids\": [\"0\"]}").text()).isEqualTo("{}");
    assertThat(red.post("runs/search", "{\"experiment_ids\": [\"0\"]}").json().get("runs"))
        .hasSize(1);
  }

  @Test
  void refusesAnAddressWhoseRunIsOfAnotherExperiment() {
    missing(red.get(file().replace("/" + experiment + "/", "/0/")));
  }

  @Test
  void answersNoRouteWithoutATokenButThePublicOnes() {
    var mappings =
        registry
            .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
            .getHandlerMethods()
            .keySet();
    assertThat(mappings).hasSizeGreaterThan(50);

    for (RequestMappingInfo mapping : mappings) {
      for (String pattern : mapping.getPatternValues()) {
        if (PUBLIC.contains(pattern)) {
          continue;
        }
        String path = pattern.replace("/**", "/x").replaceAll("\\{\\*?\\w+}", "x");
        for (var method : mapping.getMethodsCondition().getMethods()) {
          Answer answer = registry.anonymous().send(method.name(), path, "{}");
          assertThat(answer.status()).as(method + " " + path).isEqualTo(401);
        }
      }
    }
  }

  @Test
  void letsAViewerChangeNothing() {
    Client viewer = registry.as(registry.exchange(registry.newToken("viewer")));

    for (String call :
        List.of(
            "experiments/create",
            "experiments/delete",
            "runs/create",
            "runs/update",
            "runs/delete",
            "runs/log-batch",
            "runs/log-metric",
            "runs/log-parameter",
            "runs/set-tag",
            "registered-models/create",
            "registered-models/alias",
            "model-versions/create")) {
      Answer answer = viewer.post(call, "{}");
      assertThat(answer.status()).as(call).isEqualTo(403);
      assertThat(answer.json().get("error_code").stringValue()).isEqualTo("PERMISSION_DENIED");
    }
    assertThat(viewer.send("PUT", file(), BodyPublishers.ofString("x")).status()).isEqualTo(403);
    assertThat(viewer.post("runs/search", "{}").status()).isEqualTo(200);
  }

  private String file() {
    return "/api/2.0/mlflow-artifacts/artifacts/"
        + experiment
        + "/"
        + run
        + "/artifacts/model/config.json";
  }

  private static void missing(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
  }
}
