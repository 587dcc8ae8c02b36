package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.ModelRegistry.RegisteredModel;
import org.mlflow.tracking.EmptyPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.ModelVersionsPage;

/**
 * Each of the client's calls for registered models but those that move files, and its pages of
 * versions. It has no method that registers: users do it by the calls for any path.
 */
record ClientModels(CallRecorder calls, MlflowClient client) {
  private static final String NAME = "from java";
  private static final ObjectMapper JSON = new ObjectMapper();

  void areRegisteredByTheCallsForAnyPath() {
    String run = client.createRun(client.createExperiment("models")).getRunId();
    JsonNode made =
        read(calls.get(client::sendPost, "registered-models/create", json(Map.of("name", NAME))));
    assertThat(made.at("/registered_model/name").asText()).isEqualTo(NAME);
    for (String version : List.of("1", "2", "3")) {
      String source = "runs:/" + run + "/" + version;
      Map<String, String> wanted = Map.of("name", NAME, "source", source, "run_id", run);
      JsonNode answer = read(client.sendPost("model-versions/create", json(wanted)));
      assertThat(answer.at("/model_version/version").asText()).isEqualTo(version);
    }
    String changed =
        calls.get(
            client::sendPatch,
            "model-versions/update",
            json(Map.of("name", NAME, "version", "2", "description", "the second")));
    assertThat(read(changed).at("/model_version/description").asText()).isEqualTo("the second");
    client.sendPost(
        "model-versions/transition-stage",
        json(Map.of("name", NAME, "version", "1", "stage", "Staging")));

    JsonNode found = read(calls.get(client::sendGet, "registered-models/get?name=from%20java"));
    assertThat(found.at("/registered_model/latest_versions")).hasSize(2);
    RegisteredModel model = calls.get(client::getRegisteredModel, NAME);
    assertThat(model.getName()).isEqualTo(NAME);
    assertThat(model.getLatestVersionsList()).hasSize(2);
    ModelVersion second = calls.get(client::getModelVersion, NAME, "2");
    assertThat(second.getDescription()).isEqualTo("the second");
    assertThat(second.getRunId()).isEqualTo(run);
    assertThat(calls.get(client::getModelVersionDownloadUri, NAME, "2"))
        .isEqualTo(client.getRun(run).getInfo().getArtifactUri() + "/2");
    assertThat(numbers(calls.get(client::getLatestVersions, NAME)))
        .containsExactlyInAnyOrder("1", "3");
    assertThat(numbers(calls.get(client::getLatestVersions, NAME, List.of("Staging"))))
        .containsExactly("1");
  }

  void areSearchedInPages() {
    String filter = "name = '" + NAME + "'";
    List<String> order = List.of("version_number ASC");

    assertThat(numbers(calls.get(client::searchModelVersions).getItems()))
        .containsExactlyInAnyOrder("1", "2", "3");
    assertThat(calls.get(client::searchModelVersions, "name = 'no such model'").getItems())
        .isEmpty();
    ModelVersionsPage first = calls.get(client::searchModelVersions, filter, 2, order);
    assertThat(numbers(calls.get(first::getItems))).containsExactly("1", "2");
    assertThat(calls.get(first::getPageSize)).isEqualTo(2);
    assertThat(calls.get(first::hasNextPage)).isTrue();
    String token = calls.get(first::getNextPageToken).orElseThrow();
    ModelVersionsPage last = (ModelVersionsPage) calls.get(first::getNextPage);
    assertThat(numbers(last.getItems())).containsExactly("3");
    assertThat(numbers(calls.get(client::searchModelVersions, filter, 2, order, token).getItems()))
        .containsExactly("3");
    assertThat(last.hasNextPage()).isFalse();
    assertThat(last.getNextPage()).isInstanceOf(EmptyPage.class);
  }

  static String json(Map<String, String> fields) {
    return JSON.valueToTree(fields).toString();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  private static List<String> numbers(List<ModelVersion> versions) {
    return versions.stream().map(ModelVersion::getVersion).toList();
  }
}
