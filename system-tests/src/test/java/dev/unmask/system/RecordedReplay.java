package dev.unmask.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.unmask.system.Counterparts.Kind;
import dev.unmask.system.Gateway.Answer;
import dev.unmask.system.RecordedComparison.Difference;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends recorded requests again, with our ids in the place of the recorded ones. */
final class RecordedReplay {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Gateway gateway;
  private final Counterparts counterparts = new Counterparts();
  private final RecordedComparison comparison = new RecordedComparison(counterparts);

  RecordedReplay(Gateway gateway) {
    this.gateway = gateway;
  }

  /** How our answer differs in status, error code and, where all is well, body. */
  List<Difference> play(RecordedCall call) {
    String path;
    String body;
    try {
      path = path(call.path());
      body = call.body().isEmpty() ? "" : translated("", json(call.body())).toString();
    } catch (NoSuchPage behindOurLast) {
      return List.of(new Difference("/", "sent", "not sent"));
    }
    Answer answer =
        gateway.call(
            call.method(),
            path,
            body,
            "User-Agent",
            call.agent(),
            "Content-Type",
            "application/json");
    if (answer.status() != call.status()) {
      String ours = answer.status() + " " + answer.json();
      return List.of(new Difference("/status", Integer.toString(call.status()), ours));
    }
    return call.status() == 200
        ? comparison.differences(call.answer(), answer.json())
        : comparison.differences(errorCode(call.answer()), errorCode(answer.json()));
  }

  private String path(String recorded) {
    int query = recorded.indexOf('?');
    if (query < 0) {
      return recorded;
    }
    return Stream.of(recorded.substring(query + 1).split("&"))
        .map(
            parameter -> {
              String name = parameter.substring(0, parameter.indexOf('='));
              String value = parameter.substring(name.length() + 1);
              String ours = value(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
              return name + "=" + URLEncoder.encode(ours, StandardCharsets.UTF_8);
            })
        .collect(Collectors.joining("&", recorded.substring(0, query + 1), ""));
  }

  private JsonNode translated(String field, JsonNode recorded) {
    JsonNodeFactory nodes = JSON.getNodeFactory();
    if (recorded.isObject()) {
      var object = nodes.objectNode();
      recorded
          .properties()
          .forEach(
              entry -> object.set(entry.getKey(), translated(entry.getKey(), entry.getValue())));
      return object;
    }
    if (recorded.isArray()) {
      var array = nodes.arrayNode();
      recorded.forEach(item -> array.add(translated(field, item)));
      return array;
    }
    return recorded.isTextual() ? TextNode.valueOf(value(field, recorded.asText())) : recorded;
  }

  private String value(String field, String recorded) {
    return switch (field) {
      case "run_id", "run_uuid" -> counterparts.of(Kind.RUN, recorded).orElse(recorded);
      case "experiment_id", "experiment_ids" ->
          counterparts.of(Kind.EXPERIMENT, recorded).orElseThrow();
      case "page_token" -> counterparts.of(Kind.PAGE_TOKEN, recorded).orElseThrow(NoSuchPage::new);
      case "source" -> address(recorded);
      default -> recorded;
    };
  }

  /** {@code mlflow-artifacts:/<experiment>/<run>/artifacts/<path>}. */
  private String address(String recorded) {
    String[] parts = recorded.split("/", 4);
    return String.join(
        "/", parts[0], value("experiment_id", parts[1]), value("run_id", parts[2]), parts[3]);
  }

  private static JsonNode errorCode(JsonNode answer) {
    return JSON.createObjectNode().set("error_code", answer.path("error_code"));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** Our answer had no token for it: it was the last page. */
  private static final class NoSuchPage extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
