package dev.unmask.benchmarks.registry;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Requests with a bearer token over HTTP/1.1, as clients of the registry send them. Thread-safe.
 */
final class RegistryClient {
  private static final String MLFLOW = "/api/2.0/mlflow/";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  private final URI server;
  private final Supplier<String> bearer;

  /**
   * @param bearer gives a token for each request; an empty one is not sent
   */
  RegistryClient(URI server, Supplier<String> bearer) {
    this.server = server;
    this.bearer = bearer;
  }

  /** A call of MLflow's protocol, for instance {@code runs/search}. */
  Reply mlflow(String call, String json) {
    return post(MLFLOW + call, json);
  }

  Reply post(String path, String json) {
    return send(request(path, "application/json").POST(BodyPublishers.ofString(json)));
  }

  Reply get(String path) {
    return send(request(path, "application/json").GET());
  }

  Reply put(String path, BodyPublisher body) {
    return send(request(path, "application/octet-stream").PUT(body));
  }

  /** The body as it comes, to be closed by the caller. */
  InputStream stream(String path) {
    HttpResponse<InputStream> response =
        exchange(request(path, "application/json").GET(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IllegalStateException("status " + response.statusCode() + " of " + path);
    }
    return response.body();
  }

  /** A new, active run. */
  String newRun(String experimentId, String name) {
    JsonObject wanted = new JsonObject();
    wanted.addProperty("experiment_id", experimentId);
    wanted.addProperty("run_name", name);
    return mlflow("runs/create", wanted.toString())
        .json()
        .getAsJsonObject("run")
        .getAsJsonObject("info")
        .get("run_id")
        .getAsString();
  }

  /** The id of an experiment, which is made where it is not there. */
  String experiment(String name) {
    Reply found =
        get(MLFLOW + "experiments/get-by-name?experiment_name=" + name.replace(" ", "%20"));
    if (found.ok()) {
      return found.json().getAsJsonObject("experiment").get("experiment_id").getAsString();
    }
    JsonObject wanted = new JsonObject();
    wanted.addProperty("name", name);
    return mlflow("experiments/create", wanted.toString())
        .json()
        .get("experiment_id")
        .getAsString();
  }

  private HttpRequest.Builder request(String path, String contentType) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(TIMEOUT)
            .header("Content-Type", contentType);
    String token = bearer.get();
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static Reply send(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
    return new Reply(response.statusCode(), response.body(), retryAfter(response));
  }

  private static long retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,4}"))
        .map(Long::valueOf)
        .orElse(0L);
  }

  private static <T> HttpResponse<T> exchange(HttpRequest.Builder request, BodyHandler<T> body) {
    try {
      return HTTP.send(request.build(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }
}
