package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static dev.unmask.registry.mlflow.TrackedTeam.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The links to single files that web pages hold. */
class DownloadsIT {
  private final Client client = RegistryServer.shared().team("downloads-" + UUID.randomUUID());
  private final TrackedTeam team = TrackedTeam.of(client);
  private final String run = team.startRun();

  @ParameterizedTest
  @CsvSource({
    "page.html,text/html",
    "image.svg,image/svg+xml",
    "notes.txt,text/plain",
    "weights.safetensors,application/octet-stream"
  })
  void givesAFileThatABrowserSavesAndNeverRuns(String name, String type) {
    put("folder/" + name, "<script>alert(1)</script>");

    Answer answer = get("run_id=" + run, "folder/" + name);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("<script>alert(1)</script>");
    HttpHeaders headers = answer.response().headers();
    assertThat(headers.firstValue("Content-Type").orElse("")).startsWith(type);
    assertThat(headers.firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment;")
        .contains(name);
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Content-Security-Policy").orElse("")).startsWith("sandbox");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\"; x=\"b.txt", "a\"b.txt", "é 文.txt", "a,b'c.txt"})
  void writesNoNameIntoAHeaderAsItCame(String name) {
    put(URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"), "x");
    boolean separators = name.contains(";");

    Answer answer = get("run_id=" + run, name);

    if (separators) {
      refused(answer, 400, "INVALID_PARAMETER_VALUE", "Invalid path");
    } else {
      assertThat(answer.text()).isEqualTo("x");
      assertThat(answer.response().headers().allValues("Content-Disposition"))
          .singleElement()
          .asString()
          .startsWith("attachment;")
          .matches("[ -~]+");
    }
  }

  @Test
  void takesTheOldNameOfTheRunsId() {
    put("a.txt", "x");

    assertThat(get("run_uuid=" + run, "a.txt").text()).isEqualTo("x");
  }

  @Test
  void givesAFileOfAVersionWhateverBecameOfItsSource() {
    put("model/config.json", "{}");
    done(client.post("registered-models/create", "{\"name\": \"m\"}"));
    done(team.register("m", "runs:/" + run + "/model"));
    put("model/config.json", "{\"changed\": true}");

    Answer answer = client.get("/model-versions/get-artifact?name=m&version=1&path=config.json");

    assertThat(answer.text()).isEqualTo("{}");
    assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
        .hasValue("nosniff");
    assertThat(answer.response().headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment;");
  }

  @Test
  void namesWhatIsMissing() {
    done(client.post("registered-models/create", "{\"name\": \"m\"}"));
    done(team.register("m", "runs:/" + run + "/model"));
    String version = "/model-versions/get-artifact?";

    refused(client.get("/get-artifact"), 400, "INVALID_PARAMETER_VALUE", "'run_id'");
    refused(client.get("/get-artifact?run_id=" + run), 400, "INVALID_PARAMETER_VALUE", "'path'");
    refused(get("run_id=nope", "x"), 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=nope not found");
    refused(get("run_id=" + run, "none"), 404, "RESOURCE_DOES_NOT_EXIST", "No such artifact");
    refused(client.get(version), 400, "INVALID_PARAMETER_VALUE", "'name'");
    refused(client.get(version + "name=m"), 400, "INVALID_PARAMETER_VALUE", "'version'");
    refused(
        client.get(version + "name=m&version=x&path=a"),
        400,
        "INVALID_PARAMETER_VALUE",
        "must be an integer");
    refused(
        client.get(version + "name=m&version=2&path=a"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "(name=m, version=2) not found");
    refused(
        client.get(version + "name=m&version=1&path=a"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "has no file 'a'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x", "..%2fx", "%252e%252e%252fx", "/etc/passwd", "a%00b", "a%5cb", "a%23b", "a%3fb",
        "a%3bb", "file:///etc/passwd", "C:/x", "a%E2%88%95b", "a%0ab", "a//b", "./a", "a%25b"
      })
  void refusesPathsThatAreNotPlainNames(String path) {
    for (String link :
        List.of("/get-artifact?run_id=" + run, "/model-versions/get-artifact?name=m&version=1")) {
      refused(client.get(link + "&path=" + path), 400, "INVALID_PARAMETER_VALUE", "Invalid");
    }
  }

  private Answer get(String runId, String path) {
    return client.get(
        "/get-artifact?" + runId + "&path=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
  }

  private void put(String path, String content) {
    client.send(
        "PUT",
        TrackedTeam.FILES + team.experiment() + "/" + run + "/artifacts/" + path,
        BodyPublishers.ofString(content));
  }
}
