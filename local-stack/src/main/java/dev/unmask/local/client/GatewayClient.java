package dev.unmask.local.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to the gateway's public API with the owner's token, as any program would send them. */
public final class GatewayClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final int OK = 200;
  private static final int REDIRECTS = 300;
  private static final int NOT_FOUND = 404;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final JsonMapper json = JsonMapper.builder().build();
  private final URI gateway;
  private final String token;

  public GatewayClient(URI gateway, String token) {
    this.gateway = gateway;
    this.token = token;
  }

  /** Reads the token that the stack wrote for its owner. */
  public static GatewayClient withTokenOf(Path file, URI gateway) {
    try {
      return new GatewayClient(gateway, Files.readString(file).strip());
    } catch (IOException e) {
      throw new GatewayFailure("cannot read the owner's token in " + file, e);
    }
  }

  public URI gateway() {
    return gateway;
  }

  public <T> T get(String path, Class<T> type) {
    return read(send(request(path).GET()), type);
  }

  /** Empty when there is no such thing. */
  public <T> Optional<T> find(String path, Class<T> type) {
    HttpResponse<InputStream> response = exchange(request(path).GET());
    return response.statusCode() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(read(successful(response), type));
  }

  public <T> T post(String path, Object body, Class<T> type) {
    return read(send(jsonPost(path, body)), type);
  }

  public <T> T upload(String path, Path file, Class<T> type) {
    try {
      return read(
          send(
              request(path)
                  .header("Content-Type", "text/plain; charset=utf-8")
                  .POST(BodyPublishers.ofFile(file))),
          type);
    } catch (IOException e) {
      throw new GatewayFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Stores the bytes of a file at a path. */
  public void put(String path, Path file) {
    try {
      close(send(request(path).PUT(BodyPublishers.ofFile(file))).body());
    } catch (IOException e) {
      throw new GatewayFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  public void delete(String path) {
    close(send(request(path).DELETE()).body());
  }

  /** The {@code data:} parts of a stream of server-sent events; to be closed. */
  public Stream<JsonNode> events(String path) {
    return data(send(request(path).header("Accept", "text/event-stream").GET()));
  }

  /** The same for an answer to a posted request. */
  public Stream<JsonNode> postEvents(String path, Object body) {
    return data(send(jsonPost(path, body).header("Accept", "text/event-stream")));
  }

  private HttpRequest.Builder jsonPost(String path, Object body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request) {
    return successful(exchange(request));
  }

  private HttpResponse<InputStream> exchange(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new GatewayFailure("no answer from " + request.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayFailure("interrupted", e);
    }
  }

  private HttpResponse<InputStream> successful(HttpResponse<InputStream> response) {
    int status = response.statusCode();
    if (status >= OK && status < REDIRECTS) {
      return response;
    }
    throw new GatewayFailure(
        "%s %s answered %d: %s"
            .formatted(
                response.request().method(), response.uri().getPath(), status, reason(response)));
  }

  /** The human part of a problem, of OpenAI's error or of MLflow's; else the body itself. */
  private String reason(HttpResponse<InputStream> response) {
    String body = text(response);
    try {
      JsonNode problem = json.readTree(body);
      return Stream.of("/detail", "/error/message", "/message")
          .map(problem::at)
          .filter(JsonNode::isString)
          .map(JsonNode::stringValue)
          .findFirst()
          .map(detail -> detail + faults(problem))
          .orElse(body);
    } catch (JacksonException notJson) {
      return body;
    }
  }

  /** The faults of single fields that the sentence does not tell by itself. */
  private static String faults(JsonNode problem) {
    String detail = problem.path("detail").asString("");
    StringBuilder faults = new StringBuilder();
    for (JsonNode fault : problem.path("errors")) {
      String message = fault.path("message").asString("");
      if (!detail.contains(message)) {
        faults.append("; ").append(fault.path("field").asString("")).append(' ').append(message);
      }
    }
    return faults.toString();
  }

  private <T> T read(HttpResponse<InputStream> response, Class<T> type) {
    try (InputStream body = response.body()) {
      return json.readValue(body, type);
    } catch (IOException | JacksonException e) {
      throw new GatewayFailure("unreadable answer of " + response.uri().getPath() + ": " + e, e);
    }
  }

  private static String text(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(the body cannot be read)";
    }
  }

  private Stream<JsonNode> data(HttpResponse<InputStream> response) {
    InputStream body = response.body();
    var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    return lines
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring("data:".length()).strip())
        .takeWhile(data -> !data.equals("[DONE]"))
        .map(json::readTree)
        .onClose(() -> close(body));
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new GatewayFailure("cannot end a stream: " + e.getMessage(), e);
    }
  }
}
