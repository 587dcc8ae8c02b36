package dev.unmask.registry.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * All that MLflow's protocol tells of a team, in a form that two servers can be compared by:
 * without ids of experiments, which every server gives itself.
 */
final class Everything {
  private static final String API = "/api/2.0/mlflow/";

  /** Path with query, and body or nothing, to the answer. */
  private final BiFunction<String, String, JsonNode> call;

  private final UnaryOperator<String> file;

  private Everything(BiFunction<String, String, JsonNode> call, UnaryOperator<String> file) {
    this.call = call;
    this.file = file;
  }

  /**
   * @param file the text of an artifact by its address
   */
  static SortedMap<String, Object> of(
      BiFunction<String, String, JsonNode> call, UnaryOperator<String> file) {
    return new Everything(call, file).read();
  }

  private SortedMap<String, Object> read() {
    SortedMap<String, Object> all = new TreeMap<>();
    for (JsonNode experiment : search("experiments", "{\"max_results\": 1000}")) {
      String name = experiment.get("name").stringValue();
      if (name.equals("Default")) {
        continue;
      }
      String id = experiment.get("experiment_id").stringValue();
      all.put("experiment " + name, entries(experiment.path("tags")));
      for (JsonNode run :
          search("runs", "{\"max_results\": 1000, \"experiment_ids\": [\"" + id + "\"]}")) {
        all.put("run " + run.at("/data/params").size() + run.at("/info/run_name"), run(run, name));
      }
    }
    for (JsonNode model :
        call.apply(API + "registered-models/search", "").path("registered_models")) {
      all.put("model " + model.get("name").stringValue(), model(model));
    }
    return all;
  }

  private Map<String, Object> run(JsonNode run, String experiment) {
    String id = run.at("/info/run_id").stringValue();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("experiment", experiment);
    for (String field : List.of("status", "start_time", "end_time", "user_id", "run_name")) {
      told.put(field, run.at("/info/" + field));
    }
    told.put("params", entries(run.at("/data/params")));
    told.put("tags", entries(run.at("/data/tags")));
    told.put("inputs", run.at("/inputs/dataset_inputs"));
    told.put("latest", run.at("/data/metrics"));
    for (JsonNode metric : run.at("/data/metrics")) {
      String key = metric.get("key").stringValue();
      told.put(
          "history of " + key,
          call.apply(
              API + "metrics/get-history?run_id=" + id + "&metric_key=" + key.replace("/", "%2F"),
              ""));
    }
    files(told, id, run.at("/info/artifact_uri").stringValue(), "");
    return told;
  }

  private void files(Map<String, Object> told, String id, String root, String folder) {
    String path = folder.isEmpty() ? "" : "&path=" + folder;
    for (JsonNode entry :
        call.apply(API + "artifacts/list?run_id=" + id + path, "").path("files")) {
      String name = entry.get("path").stringValue();
      if (entry.path("is_dir").asBoolean(false)) {
        files(told, id, root, name);
      } else {
        String address = root.replace("mlflow-artifacts:/", "") + "/" + name;
        told.put("file " + name, file.apply(address.replace(" ", "%20")));
      }
    }
  }

  private Map<String, Object> model(JsonNode model) {
    Map<String, Object> told = new LinkedHashMap<>();
    String name = model.get("name").stringValue();
    told.put("description", model.path("description"));
    told.put("aliases", model.path("aliases"));
    for (JsonNode version : call.apply("/api/v1/registry/models/" + name, "").path("versions")) {
      String number = version.get("version").toString();
      JsonNode whole = call.apply("/api/v1/registry/models/" + name + "/versions/" + number, "");
      told.put("digest of " + number, whole.get("digest"));
      told.put("tags of " + number, tags(whole.get("tags")));
    }
    return told;
  }

  private List<JsonNode> search(String what, String body) {
    List<JsonNode> found = new ArrayList<>();
    call.apply(API + what + "/search", body).path(what).forEach(found::add);
    return found;
  }

  private static SortedMap<String, String> entries(JsonNode list) {
    SortedMap<String, String> entries = new TreeMap<>();
    for (JsonNode entry : list) {
      entries.put(entry.get("key").stringValue(), entry.path("value").asString(""));
    }
    entries.remove("unmask.importedFrom");
    return entries;
  }

  private static SortedMap<String, String> tags(JsonNode object) {
    SortedMap<String, String> entries = new TreeMap<>();
    object.propertyStream().forEach(tag -> entries.put(tag.getKey(), tag.getValue().asString("")));
    entries.remove("unmask.importedFrom");
    return entries;
  }
}
