package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replays what the Java client really sent, and compares status and shape of each answer. */
class RecordedCallsIT {
  private static final Path RECORDING =
      Path.of("../../shared/wire/java_client_2.17.2_calls.jsonl").toAbsolutePath().normalize();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Client team = RegistryServer.shared().team("recorded");

  /** Ids of the recording to ids of this server. */
  private final Map<String, String> ids = new HashMap<>();

  /** Page tokens of the recorded server, and ours; empty where our answer was the last page. */
  private final Map<String, String> tokens = new HashMap<>();

  @Test
  void answersEveryRecordedCallByTheRecordedStatusAndFields() throws IOException {
    if (!Files.exists(RECORDING)) {
      System.err.println("SKIPPED: no recording at " + RECORDING);
    }
    assumeThat(RECORDING).as("the recording of the Java client").exists();
    int calls = 0;
    for (String line : Files.readAllLines(RECORDING)) {
      JsonNode call = JSON.readTree(line);
      if (call.has("m")
          && isWhole(call.path("b"))
          && isWhole(call.path("rb"))
          && !isBeyondOurLastPage(call)) {
        replay(call);
        calls++;
      }
    }

    // Of 60, one asks for a page after the one that ends here.
    assertThat(calls).isGreaterThanOrEqualTo(59);
  }

  /** A client that got no token asks for no further page. */
  private boolean isBeyondOurLastPage(JsonNode call) {
    String text = call.get("p").stringValue() + call.path("b").asString("");
    return tokens.entrySet().stream()
        .filter(token -> token.getValue().isEmpty())
        .flatMap(token -> spellings(token.getKey()).stream())
        .anyMatch(text::contains);
  }

  /** A token as it is, in JSON, and in an address. */
  private static List<String> spellings(String token) {
    return List.of(token, token.replace("=", "\\u003d"), token.replace("=", "%3D"));
  }

  /** The recorder cut long bodies off. */
  private static boolean isWhole(JsonNode body) {
    try {
      return !body.isString()
          || body.stringValue().isEmpty()
          || JSON.readTree(body.stringValue()) != null;
    } catch (JacksonException cut) {
      return false;
    }
  }

  private void replay(JsonNode call) {
    String method = call.get("m").stringValue();
    String path = translate(call.get("p").stringValue());
    JsonNode body = call.get("b");
    Answer answer =
        body == null || body.isNull()
            ? team.send(
                method,
                path,
                java.net.http.HttpRequest.BodyPublishers.noBody(),
                "User-Agent",
                "mlflow-java-client/2.17.2")
            : team.send(method, path, translate(body.stringValue()));
    String what = method + " " + path + " -> " + answer.status() + " " + shortened(answer.text());
    assertThat(answer.status()).as(what).isEqualTo(call.get("s").intValue());
    // From the second page on: this server answers the whole history in the first.
    if (!path.contains("metric_key=big")) {
      compare(what, JSON.readTree(call.get("rb").stringValue()), answer.json());
    }
  }

  /** Every recorded field is answered, by a value of the same type. */
  private void compare(String what, JsonNode recorded, JsonNode answered) {
    recorded
        .propertyStream()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode other = answered.get(name);
              // Page tokens may be there or not on a last page that is exactly full.
              if (name.equals("next_page_token")) {
                tokens.put(
                    field.getValue().stringValue(), other == null ? "" : other.stringValue());
                return;
              }
              // An infinity comes back as it was sent, not as the greatest number.
              if (other != null && other.toString().equals("\"Infinity\"")) {
                return;
              }
              assertThat(other).as(what + " lacks " + name).isNotNull();
              JsonNode value = field.getValue();
              assertThat(other.getNodeType()).as(what + " " + name).isEqualTo(value.getNodeType());
              learn(name, value, other);
              if (value.isObject()) {
                compare(what, value, other);
              } else if (value.isArray()) {
                // The recorded server also held versions of other programs.
                boolean foreign = what.contains("model-versions/search?max_results=1000 ");
                assertThat(other).as(what + " " + name).hasSize(foreign ? 1 : value.size());
                for (int i = 0; i < other.size(); i++) {
                  compare(what, value.get(i), other.get(i));
                }
              }
            });
  }

  private void learn(String name, JsonNode recorded, JsonNode answered) {
    if (name.equals("run_id") || name.equals("run_uuid") || name.equals("experiment_id")) {
      ids.put(recorded.stringValue(), answered.stringValue());
    }
  }

  private String translate(String text) {
    String translated = text;
    for (Map.Entry<String, String> token : tokens.entrySet()) {
      for (String spelling : spellings(token.getKey())) {
        translated = translated.replace(spelling, token.getValue());
      }
    }
    for (Map.Entry<String, String> id : ids.entrySet()) {
      String old = id.getKey();
      translated =
          old.length() > 10
              ? translated.replace(old, id.getValue())
              : translated
                  .replace("\"" + old + "\"", "\"" + id.getValue() + "\"")
                  .replace("experiment_id=" + old, "experiment_id=" + id.getValue())
                  .replace(
                      "mlflow-artifacts:/" + old + "/", "mlflow-artifacts:/" + id.getValue() + "/");
    }
    return translated;
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(300, text.length()));
  }
}
