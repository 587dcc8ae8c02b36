package dev.unmask.registry.run;

import dev.unmask.registry.tag.TagRules;
import dev.unmask.registry.tag.TagTable;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The older way to log models: a tag of their run lists them as JSON. */
@Service
public class ModelHistoryService {
  static final String TAG = "mlflow.log-model.history";

  private static final List<String> REQUIRED =
      List.of("artifact_path", "flavors", "run_id", "utc_time_created");

  /** Signatures and examples stay out: they are in the model's own files, and long. */
  private static final List<String> KEPT =
      List.of("run_id", "artifact_path", "utc_time_created", "flavors", "model_uuid");

  private final RunService runs;
  private final TagTable tags;
  private final JsonMapper json;

  ModelHistoryService(RunService runs, JdbcTemplate jdbc, JsonMapper json) {
    this.runs = runs;
    this.tags = new TagTable(jdbc, "run_tags", "run_uid");
    this.json = json;
  }

  /**
   * Appends a model to the list; one that is in it already is not repeated. The oldest leave when
   * the tag is full.
   *
   * @param modelJson the content of the model's description as JSON
   * @throws UnmaskException when that is no description of a model, or too long for a tag
   */
  @Transactional
  public void add(String teamId, String runId, String modelJson) {
    ObjectNode model = described(modelJson);
    long uid = runs.lock(teamId, runId).uid();
    ArrayNode history = history(runId, tags.of(uid).getOrDefault(TAG, "[]"));
    for (JsonNode known : history) {
      if (known.equals(model)) {
        return;
      }
    }
    history.add(model);
    while (history.size() > 1 && history.toString().length() > TagRules.RUN_TAG_VALUE) {
      history.remove(0);
    }
    String value = TagRules.atMost("model_json", history.toString(), TagRules.RUN_TAG_VALUE);
    tags.put(uid, new TreeMap<>(Map.of(TAG, value)));
  }

  private ObjectNode described(String modelJson) {
    JsonNode given = parsed(modelJson);
    if (!(given instanceof ObjectNode object)) {
      throw invalid("Invalid value for parameter 'model_json': it is not a JSON object");
    }
    List<String> missing = REQUIRED.stream().filter(field -> !object.hasNonNull(field)).toList();
    if (!missing.isEmpty()) {
      throw invalid("Invalid value for parameter 'model_json': it lacks " + missing);
    }
    return object.retain(KEPT);
  }

  private ArrayNode history(String runId, String value) {
    if (parsed(value) instanceof ArrayNode list) {
      return list;
    }
    throw invalid(
        "The tag " + TAG + " of run " + runId + " is not a JSON list: delete the tag, then repeat");
  }

  private JsonNode parsed(String text) {
    try {
      return json.readTree(text);
    } catch (JacksonException broken) {
      return MissingNode.getInstance();
    }
  }

  private static UnmaskException invalid(String message) {
    return new UnmaskException(ErrorCode.INVALID_REQUEST, message);
  }
}
