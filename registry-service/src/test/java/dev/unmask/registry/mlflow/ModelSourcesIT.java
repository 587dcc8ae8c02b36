package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static dev.unmask.registry.mlflow.TrackedTeam.API;
import static dev.unmask.registry.mlflow.TrackedTeam.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What versions of registered models are made of, and links to their files. */
class ModelSourcesIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client client = registry.team("sources-" + UUID.randomUUID());
  private final TrackedTeam team = TrackedTeam.of(client);
  private final String run = team.startRun();
  private final String model = team.logModel("lm", "\"source_run_id\": \"" + run + "\"");

  @BeforeEach
  void uploadAndName() {
    team.put(model, "MLmodel", "flavors: {}");
    team.put(model, "data/model.safetensors", "weights");
    team.finish(model);
    done(client.post("registered-models/create", "{\"name\": \"lm\"}"));
  }

  @Test
  void makesAVersionOfALoggedModelThatNothingChanges() {
    done(team.register("lm", "models:/" + model));
    JsonNode before = version("lm", 1);

    team.put(model, "MLmodel", "changed");
    client.send("DELETE", team.folder(model) + "data", BodyPublishers.noBody());
    done(client.send("DELETE", API + "logged-models/" + model, "{}"));

    assertThat(version("lm", 1)).isEqualTo(before);
    assertThat(before.get("digest").stringValue())
        .isEqualTo(
            "sha256:"
                + sha256(
                    sha256("flavors: {}")
                        + "  MLmodel\n"
                        + sha256("weights")
                        + "  data/model.safetensors\n"));
    assertThat(before.at("/files/0/sha256").stringValue()).isEqualTo(sha256("flavors: {}"));
    assertThat(before.at("/files/1/size").longValue()).isEqualTo(7);
    assertThat(file("lm", 1, "data/model.safetensors").text()).isEqualTo("weights");
    JsonNode told = done(client.get(API + "model-versions/get?name=lm&version=1"));
    assertThat(told.at("/model_version/model_id").stringValue()).isEqualTo(model);
    assertThat(told.at("/model_version").has("model_params")).isFalse();
  }

  @Test
  void makesAVersionOfTheAddressOfALoggedModel() {
    String root = "mlflow-artifacts:/" + team.experiment() + "/models/" + model + "/artifacts";

    JsonNode whole = done(team.register("lm", root)).get("model_version");
    JsonNode part = done(team.register("lm", root + "/data/")).get("model_version");

    assertThat(whole.get("model_id").stringValue()).isEqualTo(model);
    assertThat(whole.get("run_id").stringValue()).isEqualTo(run);
    assertThat(version("lm", 1).get("files")).hasSize(2);
    assertThat(version("lm", 2).at("/files/0/path").stringValue()).isEqualTo("model.safetensors");
    assertThat(part.get("version").stringValue()).isEqualTo("2");
    assertThat(
            done(client.get(API + "model-versions/get-download-uri?name=lm&version=2"))
                .get("artifact_uri")
                .stringValue())
        .isEqualTo(root + "/data");
  }

  @Test
  void makesAVersionOfAnotherVersionWithTheVerySameFiles() {
    done(team.register("lm", "models:/" + model));
    done(client.post("registered-models/create", "{\"name\": \"copy\"}"));

    JsonNode copy = done(team.register("copy", "models:/lm/1")).get("model_version");

    assertThat(copy.get("source").stringValue()).isEqualTo("models:/lm/1");
    assertThat(copy.get("run_id").stringValue()).isEqualTo(run);
    assertThat(copy.get("model_id").stringValue()).isEqualTo(model);
    assertThat(version("copy", 1).get("digest")).isEqualTo(version("lm", 1).get("digest"));
    assertThat(version("copy", 1).get("files")).isEqualTo(version("lm", 1).get("files"));
    refused(team.register("copy", "models:/lm/9"), 404, "RESOURCE_DOES_NOT_EXIST", "version=9");
    refused(team.register("copy", "models:/none/1"), 404, "RESOURCE_DOES_NOT_EXIST", "name=none");
    done(
        client.send(
            "DELETE", API + "model-versions/delete", "{\"name\":\"lm\",\"version\":\"1\"}"));
    refused(team.register("copy", "models:/lm/1"), 404, "RESOURCE_DOES_NOT_EXIST", "version=1");
    assertThat(file("copy", 1, "MLmodel").text()).isEqualTo("flavors: {}");
  }

  @Test
  void tellsTheLoggedModelOfARunsFolder() {
    String folder = TrackedTeam.FILES + team.experiment() + "/" + run + "/artifacts/model/";
    done(client.send("PUT", folder + "config.json", BodyPublishers.ofString("{}")));
    String source = "runs:/" + run + "/model";
    String other = "m-" + "0".repeat(32);

    JsonNode version =
        done(team.register("lm", source, "\"model_id\": \"" + model + "\"")).get("model_version");

    assertThat(version.get("model_id").stringValue()).isEqualTo(model);
    refused(
        team.register("lm", source, "\"model_id\": \"" + other + "\""),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "models:/MODEL/../x | | use runs:/",
        "models:/lm@champion | | use runs:/",
        "models:/lm/latest | | use runs:/",
        "models:/m-1 | | use runs:/",
        "mlflow-artifacts:/EXP/models/MODEL/artifacts/../x | | Invalid path",
        "mlflow-artifacts:/EXP/models/MODEL/artifacts/%2e%2e/x | | Invalid path",
        "mlflow-artifacts:/0/models/MODEL/artifacts | | not within the experiment 0",
        "mlflow-artifacts:/0/RUN/artifacts | | not within the experiment 0",
        "mlflow-artifacts:/EXP/models/MODEL | | use runs:/",
        "mlflow-artifacts://host/EXP/models/MODEL/artifacts | | use runs:/",
        "models:/MODEL | \"model_id\": \"m-x\" | not within the logged model m-x",
        "models:/MODEL | \"run_id\": \"OTHER\" | not within the run OTHER",
      })
  void refusesSourcesThatAreNotWhatTheySay(String source, @Nullable String more, String message) {
    String otherRun = team.startRun();
    String fields = more == null ? "\"description\": \"\"" : filled(more, otherRun);

    refused(
        team.register("lm", filled(source.strip(), otherRun), fields),
        400,
        "INVALID_PARAMETER_VALUE",
        filled(message.strip(), otherRun));
    assertThat(client.get(API + "model-versions/search").text()).isEqualTo("{}");
  }

  @Test
  void refusesUnknownAndFailedLoggedModels() {
    String unknown = "m-" + "0".repeat(32);
    refused(team.register("lm", "models:/" + unknown), 404, "RESOURCE_DOES_NOT_EXIST", unknown);
    done(
        client.send(
            "PATCH",
            API + "logged-models/" + model,
            "{\"status\": \"LOGGED_MODEL_UPLOAD_FAILED\"}"));
    refused(team.register("lm", "models:/" + model), 400, "INVALID_PARAMETER_VALUE", "upload");
  }

  @Test
  void refusesPicklesUnlessTold() {
    team.put(model, "python_model.pkl", "pickle");
    refused(
        team.register("lm", "models:/" + model),
        400,
        "INVALID_PARAMETER_VALUE",
        "unmask.registry.models.accepted-kinds");

    try (RegistryServer told =
        RegistryServer.start("--unmask.registry.models.accepted-kinds=pkl,mlmodel")) {
      TrackedTeam there = TrackedTeam.of(told.team("t"));
      String pickled = there.logModel("p");
      there.put(pickled, "python_model.pkl", "pickle");
      there.put(pickled, "MLmodel", "flavors: {}");
      done(there.client().post("registered-models/create", "{\"name\": \"p\"}"));
      done(there.register("p", "models:/" + pickled));
      there.put(pickled, "x.zip", "zip");
      refused(there.register("p", "models:/" + pickled), 400, "INVALID_PARAMETER_VALUE", "x.zip");
    }
  }

  @Test
  void tellsParamsAndMetricsOfTheLoggedModelWhereverAVersionIsShown() {
    String told = team.logModel("told", "\"params\": [{\"key\": \"layers\", \"value\": \"4\"}]");
    done(
        client.post(
            "runs/log-metric",
            """
            {"run_id": "%s", "key": "loss", "value": 2, "timestamp": 1, "model_id": "%s",
             "dataset_name": "d", "dataset_digest": "1"}
            """
                .formatted(run, told)));
    JsonNode created = done(team.register("lm", "models:/" + told)).get("model_version");
    done(
        client.post(
            "registered-models/alias", "{\"name\":\"lm\",\"alias\":\"best\",\"version\":\"1\"}"));

    for (JsonNode version :
        List.of(
            done(client.get(API + "model-versions/get?name=lm&version=1")).get("model_version"),
            done(client.get(API + "model-versions/search")).at("/model_versions/0"),
            done(client.get(API + "registered-models/alias?name=lm&alias=best"))
                .get("model_version"),
            done(client.get(API + "registered-models/get-latest-versions?name=lm"))
                .at("/model_versions/0"))) {
      assertThat(version.get("model_params")).isEqualTo(created.get("model_params"));
      assertThat(version.get("model_metrics")).isEqualTo(created.get("model_metrics"));
      assertThat(version.at("/model_metrics/0/dataset_name").stringValue()).isEqualTo("d");
      assertThat(version.at("/model_params/0/name").stringValue()).isEqualTo("layers");
    }
    assertThat(
            done(client.get(API + "registered-models/get?name=lm"))
                .at("/registered_model/latest_versions/0/model_id")
                .stringValue())
        .isEqualTo(told);
  }

  private String filled(String text, String otherRun) {
    return text.replace("MODEL", model)
        .replace("EXP", team.experiment())
        .replace("RUN", run)
        .replace("OTHER", otherRun);
  }

  private JsonNode version(String name, int version) {
    return done(client.get("/api/v1/registry/models/" + name + "/versions/" + version));
  }

  private Answer file(String name, int version, String path) {
    return client.get(
        "/model-versions/get-artifact?name=%s&version=%d&path=%s".formatted(name, version, path));
  }

  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
