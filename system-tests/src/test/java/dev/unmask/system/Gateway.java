package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Plain requests to the gateway. */
record Gateway(URI uri, String token) {
  private static final String DEPLOYMENTS = "/api/v1/inference/deployments";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  record Answer(int status, String contentType, JsonNode json) {}

  Gateway withToken(String other) {
    return new Gateway(uri, other);
  }

  /** This gateway for the first admin of a new team, which has nothing yet. */
  Gateway newTeam(String name) {
    Answer answer = postJson("/api/v1/identity/teams", "{\"name\": \"%s\"}".formatted(name));
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
    return withToken(answer.json().at("/token/token").asText());
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  /**
   * Any request.
   *
   * @param body empty for none
   * @param headers names and values in turn
   */
  Answer call(String method, String path, String body, String... headers) {
    BodyPublisher sent = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return send(request(path).headers(headers).method(method, sent));
  }

  Answer post(String path, String contentType, String body) {
    return send(
        request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  Answer postJson(String path, String body) {
    return post(path, "application/json", body);
  }

  /** The body as it comes; the status must be 200. */
  InputStream stream(String path, String body) {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<InputStream> response = HTTP.send(request, BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Uploads a corpus; its id. */
  String corpus(String name, String text) {
    Answer answer = post("/api/v1/training/corpora?name=" + name, "text/plain", text);
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
    return answer.json().path("id").asText();
  }

  /** Submits a job; its id. */
  String submit(String spec) {
    Answer answer = postJson("/api/v1/training/jobs", spec);
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
    return answer.json().path("id").asText();
  }

  /** The job; empty while the training service is away. */
  Optional<JsonNode> job(String id) {
    try {
      Answer answer = get("/api/v1/training/jobs/" + id);
      return answer.status() == 200 ? Optional.of(answer.json()) : Optional.empty();
    } catch (UncheckedIOException away) {
      return Optional.empty();
    }
  }

  /** Waits until the job is done; it must be COMPLETED. */
  JsonNode completed(String id, Duration limit) {
    JsonNode job =
        Eventually.get(
            "job " + id + " ends",
            limit,
            () ->
                job(id).filter(found -> found.path("status").asText().matches("COMPLETED|FAILED")));
    assertThat(job.path("status").asText()).as("%s", job).isEqualTo("COMPLETED");
    return job;
  }

  /** Deploys a model under a name and waits until it takes requests. */
  void deploy(String name, String model) {
    Answer answer =
        postJson(DEPLOYMENTS, "{\"name\": \"%s\", \"model\": \"%s\"}".formatted(name, model));
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(201);
    awaitDeployment(name, Duration.ofSeconds(60));
  }

  void awaitDeployment(String name, Duration limit) {
    Eventually.isTrue("deployment " + name + " is ready", limit, () -> ready(name));
  }

  /** Asks how probable a deployed model finds a text. */
  Answer score(String name, String body) {
    String path =
        deployment(name)
            .map(Gateway::path)
            .orElseThrow(() -> new AssertionError("no deployment " + name));
    return postJson(path + "/score", body);
  }

  /** Takes a deployment away. */
  void undeploy(String name) {
    deployment(name)
        .ifPresent(
            found -> {
              Answer answer = send(request(path(found)).DELETE());
              assertThat(answer.status()).as("%s", answer.json()).isEqualTo(204);
            });
  }

  /** The deployment of a name, of which a team has one. */
  private Optional<JsonNode> deployment(String name) {
    for (JsonNode deployment : get(DEPLOYMENTS).json()) {
      if (deployment.path("name").asText().equals(name)) {
        return Optional.of(deployment);
      }
    }
    return Optional.empty();
  }

  private static String path(JsonNode deployment) {
    return DEPLOYMENTS + "/" + deployment.path("id").asText();
  }

  private boolean ready(String name) {
    try {
      Optional<JsonNode> found = deployment(name);
      found.ifPresent(
          deployment -> assertThat(deployment.path("status").asText()).isNotEqualTo("FAILED"));
      return found
          .map(deployment -> deployment.path("status").asText().equals("READY"))
          .orElse(false);
    } catch (UncheckedIOException away) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode json = type.contains("json") ? JSON.readTree(response.body()) : JSON.nullNode();
      return new Answer(response.statusCode(), type, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
