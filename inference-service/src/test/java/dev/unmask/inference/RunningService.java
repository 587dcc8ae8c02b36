package dev.unmask.inference;

import dev.unmask.inference.engine.ModelOpener;
import dev.unmask.inference.engine.ScriptedModel;
import dev.unmask.support.security.ServiceSecurity;
import dev.unmask.testing.Await;
import dev.unmask.testing.TestDatabase;
import dev.unmask.testing.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** inference-service as {@code application()} starts it, and a client that speaks HTTP to it. */
final class RunningService implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();

  final ConfigurableApplicationContext context;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
    base =
        URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  /** With a scripted model behind every deployment. */
  static RunningService scripted(
      TestDatabase database, Path data, String registryUrl, String... more) {
    return start(database, data, registryUrl, List.of(Keys.class, Scripted.class), more);
  }

  /** With the library behind every deployment. */
  static RunningService real(TestDatabase database, Path data, String registryUrl, String... more) {
    return start(database, data, registryUrl, List.of(Keys.class), more);
  }

  private static RunningService start(
      TestDatabase database,
      Path data,
      String registryUrl,
      List<Class<?>> configuration,
      String... more) {
    SpringApplication application = InferenceApplication.application();
    application.addPrimarySources(configuration);
    List<String> arguments = new ArrayList<>();
    database.springProperties().forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.add("--server.port=0");
    arguments.add("--unmask.registry.url=" + registryUrl);
    arguments.add("--unmask.service-token=test");
    arguments.add("--unmask.inference.data-directory=" + data);
    arguments.add("--unmask.inference.registry-retry=50ms");
    arguments.add("--unmask.inference.stream.heartbeat=50ms");
    arguments.addAll(List.of(more));
    return new RunningService(application.run(arguments.toArray(String[]::new)));
  }

  ScriptedModel script() {
    return context.getBean(Scripted.class).model;
  }

  Answer get(String path) {
    return send(request(path, "member").GET());
  }

  Answer delete(String path) {
    return send(request(path, "member").DELETE());
  }

  Answer post(String path, String body) {
    return send(posting(path, "member", body));
  }

  Answer as(String role, String path, @Nullable String body) {
    return send(body == null ? request(path, role).GET() : posting(path, role, body));
  }

  /** A response whose body is still coming. */
  HttpResponse<InputStream> open(String path, String body) throws IOException {
    try {
      return http.send(
          posting(path, "member", body).build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  /** Deploys and waits until loading has ended. */
  JsonNode deploy(String name, String model) {
    Answer created =
        post(
            "/api/v1/inference/deployments",
            "{\"name\":\"%s\",\"model\":\"%s\"}".formatted(name, model));
    if (created.status() != 201) {
      throw new AssertionError(created);
    }
    return loaded(created.json().get("id").stringValue());
  }

  JsonNode loaded(String id) {
    String path = "/api/v1/inference/deployments/" + id;
    Await.until("it loaded", SOON, () -> !status(path).equals("LOADING"));
    return get(path).json();
  }

  URI base() {
    return base;
  }

  HttpRequest.Builder request(String path, String role) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(SOON)
        .header(
            "Authorization",
            "Bearer "
                + TestTokens.jwt("ada", teamOf(role), role.equals("stranger") ? "member" : role));
  }

  @Override
  public void close() {
    context.close();
  }

  private String status(String path) {
    return get(path).json().get("status").stringValue();
  }

  /** Role {@code stranger} is a member of another team. */
  private static String teamOf(String role) {
    return role.equals("stranger") ? "other" : "team";
  }

  private HttpRequest.Builder posting(String path, String role, String body) {
    return request(path, role)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  record Answer(int status, java.util.Map<String, List<String>> headers, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse(null);
    }

    /** The {@code data:} lines of a stream, in order. */
    List<String> events() {
      return body.lines()
          .filter(line -> line.startsWith("data: "))
          .map(line -> line.substring("data: ".length()))
          .toList();
    }

    /** The JSON events of a stream. */
    List<JsonNode> chunks() {
      return events().stream()
          .filter(event -> !event.equals("[DONE]"))
          .map(event -> (JsonNode) JSON.readTree(event))
          .toList();
    }

    /** Text of one choice of a stream. */
    String text(int choice) {
      StringBuilder text = new StringBuilder();
      for (JsonNode chunk : chunks()) {
        for (JsonNode part : chunk.path("choices")) {
          if (part.get("index").intValue() == choice) {
            text.append(part.get("text").stringValue());
          }
        }
      }
      return text.toString();
    }
  }

  /** Without @Configuration, so that the service's own component scan does not find it. */
  static class Keys {
    @Bean
    JwtDecoder jwtDecoder() {
      return ServiceSecurity.decoder(TestTokens.keys());
    }
  }

  /** Likewise. */
  static class Scripted {
    final ScriptedModel model = new ScriptedModel();

    @Bean
    @Primary
    ModelOpener scriptedOpener() {
      return (directory, precision) -> model;
    }
  }
}
