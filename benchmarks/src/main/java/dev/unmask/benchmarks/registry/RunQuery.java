package dev.unmask.benchmarks.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body of runs/search.
 *
 * @param experiment id of the one that is searched
 * @param filter empty for all runs
 * @param order empty for the newest first
 * @param most runs a page
 * @param page token of a page; null for the first
 */
record RunQuery(String experiment, String filter, String order, int most, @Nullable String page) {

  static RunQuery newest(Experiment experiment, int most) {
    return new RunQuery(experiment.id(), "", "", most, null);
  }

  RunQuery matching(String condition, String ordering) {
    return new RunQuery(experiment, condition, ordering, most, page);
  }

  RunQuery at(@Nullable String token) {
    return new RunQuery(experiment, filter, order, most, token);
  }

  RunQuery most(int runs) {
    return new RunQuery(experiment, filter, order, runs, page);
  }

  String json() {
    JsonObject json = new JsonObject();
    json.add("experiment_ids", array(experiment));
    json.addProperty("max_results", most);
    if (!filter.isEmpty()) {
      json.addProperty("filter", filter);
    }
    if (!order.isEmpty()) {
      json.add("order_by", array(order));
    }
    if (page != null) {
      json.addProperty("page_token", page);
    }
    return json.toString();
  }

  private static JsonArray array(String value) {
    JsonArray array = new JsonArray();
    array.add(value);
    return array;
  }

  Reply send(RegistryClient client) {
    return client.mlflow("runs/search", json());
  }

  /**
   * What was found.
   *
   * @param runIds in order
   * @param next token of the next page; null on the last
   */
  record Page(List<String> runIds, @Nullable String next) {}

  Page page(RegistryClient client) {
    JsonObject answer = send(client).json();
    List<String> ids = new ArrayList<>();
    if (answer.has("runs")) {
      for (JsonElement run : answer.getAsJsonArray("runs")) {
        ids.add(run.getAsJsonObject().getAsJsonObject("info").get("run_id").getAsString());
      }
    }
    return new Page(ids, answer.has("next_page_token") ? text(answer) : null);
  }

  private static String text(JsonObject answer) {
    return answer.get("next_page_token").getAsString();
  }
}
