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
  private String model = "";

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
    model =
        red.post("logged-models", "{\"experiment_id\": \"%s\"}".formatted(experiment))
            .json()
            .at("/model/info/model_id")
            .stringValue();
    red.send("PUT", modelFile(), BodyPublishers.ofString("{}"));
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
  void answersAnotherTeamsLoggedModelsBy404() {
    String byRun = "{\"run_id\": \"" + run + "\"";
    String byModel = "{\"model_id\": \"" + model + "\"";
    String path = "/api/2.0/mlflow/logged-models/" + model;
    String mine =
        blue.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    String toMine = "{\"run_id\": \"" + mine + "\"";

    missing(blue.get(path));
    missing(blue.send("PATCH", path, "{\"status\": 2}"));
    missing(blue.send("DELETE", path, "{}"));
    missing(blue.send("PATCH", path + "/tags", "{\"tags\": [{\"key\": \"a\"}]}"));
    missing(blue.send("DELETE", path + "/tags/a", "{}"));
    missing(blue.send("POST", path + "/params", "{\"params\": [{\"key\": \"a\"}]}"));
    missing(blue.get(path + "/artifacts/directories"));
    missing(blue.get(modelFile()));
    missing(blue.send("PUT", modelFile(), BodyPublishers.ofString("evil")));
    missing(blue.send("DELETE", modelFile(), BodyPublishers.noBody()));
    missing(
        blue.get(
            "/api/2.0/mlflow-artifacts/artifacts?path="
                + experiment
                + "/models/"
                + model
                + "/artifacts"));
    missing(blue.post("logged-models", "{\"experiment_id\": \"" + experiment + "\"}"));
    missing(blue.post("logged-models", "{\"source_run_id\": \"" + run + "\"}"));
    missing(blue.post("runs/log-inputs", byRun + "}"));
    missing(blue.post("runs/outputs", byRun + ", \"models\": [" + byModel + "}]}"));
    missing(
        blue.post(
            "runs/log-model",
            byRun
                + ", \"model_json\": \"{\\\"run_id\\\": 1, \\\"artifact_path\\\": 1,"
                + " \\\"flavors\\\": 1, \\\"utc_time_created\\\": 1}\"}"));
    missing(blue.post("runs/log-inputs", toMine + ", \"models\": [" + byModel + "}]}"));
    missing(blue.post("runs/outputs", toMine + ", \"models\": [" + byModel + "}]}"));
    missing(
        blue.post(
            "runs/log-metric",
            toMine
                + ", \"key\": \"a\", \"value\": 1, \"timestamp\": 1, \"model_id\": \""
                + model
                + "\"}"));
    missing(blue.get("/get-artifact?path=model/config.json&run_id=" + run));
    missing(blue.get("/model-versions/get-artifact?name=m&version=1&path=config.json"));
    blue.post("registered-models/create", "{\"name\": \"mine\"}");
    for (String source : List.of("models:/" + model, "models:/m/1")) {
      missing(
          blue.post(
              "model-versions/create", "{\"name\": \"mine\", \"source\": \"" + source + "\"}"));
    }
    assertThat(
            blue.post("logged-models/search", "{\"experiment_ids\": [\"" + experiment + "\"]}")
                .text())
        .isEqualTo("{}");
    assertThat(
            blue.post(
                    "logged-models/search",
                    "{\"experiment_ids\": [\"0\"], \"page_token\": \"%s\"}"
                        .formatted(PageCursor.token(model)))
                .status())
        .isEqualTo(400);
    assertThat(red.get(modelFile()).text()).isEqualTo("{}");
    assertThat(red.get(path).json().at("/model/data").toString()).isEqualTo("{}");
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
  void letsOnlyAMaintainerDeleteALoggedModelOrItsFiles() {
    Client member = registry.as(registry.exchange(registry.newToken("member")));
    Client maintainer = registry.as(registry.exchange(registry.newToken("maintainer")));
    String own = member.post("logged-models", "{}").json().at("/model/info/model_id").stringValue();
    String path = "/api/2.0/mlflow/logged-models/" + own;
    String file = "/api/2.0/mlflow-artifacts/artifacts/0/models/" + own + "/artifacts/x";

    assertThat(member.send("PUT", file, BodyPublishers.ofString("x")).status()).isEqualTo(200);
    assertThat(member.send("DELETE", file, BodyPublishers.noBody()).status()).isEqualTo(403);
    assertThat(member.send("DELETE", path, "{}").status()).isEqualTo(403);
    assertThat(maintainer.send("DELETE", file, BodyPublishers.noBody()).status()).isEqualTo(200);
    assertThat(maintainer.send("DELETE", path, "{}").status()).isEqualTo(200);
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
            "runs/log-inputs",
            "runs/outputs",
            "runs/log-model",
            "logged-models",
            "logged-models/x/params",
            "registered-models/create",
            "registered-models/alias",
            "model-versions/create")) {
      Answer answer = viewer.post(call, "{}");
      assertThat(answer.status()).as(call).isEqualTo(403);
      assertThat(answer.json().get("error_code").stringValue()).isEqualTo("PERMISSION_DENIED");
    }
    assertThat(viewer.send("PUT", file(), BodyPublishers.ofString("x")).status()).isEqualTo(403);
    assertThat(viewer.send("PUT", modelFile(), BodyPublishers.ofString("x")).status())
        .isEqualTo(403);
    String path = "/api/2.0/mlflow/logged-models/" + model;
    for (String[] call :
        new String[][] {{"PATCH", ""}, {"DELETE", ""}, {"PATCH", "/tags"}, {"DELETE", "/tags/a"}}) {
      assertThat(viewer.send(call[0], path + call[1], "{}").status()).as(call[1]).isEqualTo(403);
    }
    assertThat(viewer.post("runs/search", "{}").status()).isEqualTo(200);
  }

  private String file() {
    return "/api/2.0/mlflow-artifacts/artifacts/"
        + experiment
        + "/"
        + run
        + "/artifacts/model/config.json";
  }

  private String modelFile() {
    return "/api/2.0/mlflow-artifacts/artifacts/"
        + experiment
        + "/models/"
        + model
        + "/artifacts/config.json";
  }

  private static void missing(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
  }
}
