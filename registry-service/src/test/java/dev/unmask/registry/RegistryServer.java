package dev.unmask.registry;

import dev.unmask.testing.ErrorText;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real application on a random port with a database and folder of its own. */
public final class RegistryServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ConfigurableApplicationContext context;
  private final Path folder;
  private final String url;

  private RegistryServer(ConfigurableApplicationContext context, Path folder) {
    this.context = context;
    this.folder = folder;
    this.url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  /** One server for all tests that change no settings. */
  public static RegistryServer shared() {
    return Holder.SERVER;
  }

  public static RegistryServer start(String... settings) {
    try {
      return start(PostgresExtension.freshDatabase(), Files.createTempDirectory("reg"), settings);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public static RegistryServer start(TestDatabase database, Path folder, String... settings) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=0");
    arguments.add("--unmask.registry.data-directory=" + folder);
    arguments.add("--unmask.identity.owner-token-file=" + folder.resolve("owner.token"));
    arguments.add("--unmask.identity.service-token-file=" + folder.resolve("service.token"));
    database.springProperties().forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.addAll(List.of(settings));
    return new RegistryServer(
        RegistryApplication.application().run(arguments.toArray(String[]::new)), folder);
  }

  public String url() {
    return url;
  }

  public Path folder() {
    return folder;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public <T> T bean(String name, Class<T> type) {
    return context.getBean(name, type);
  }

  public <T> Collection<T> beans(Class<T> type) {
    return context.getBeansOfType(type).values();
  }

  public String ownerToken() {
    return read("owner.token");
  }

  public String serviceToken() {
    return read("service.token");
  }

  /** A token of the owner's with less than the owner's role. */
  public String newToken(String role) {
    String request = "{\"name\": \"test\", \"role\": \"" + role + "\"}";
    return owner()
        .send("POST", "/api/v1/identity/tokens", request)
        .json()
        .get("token")
        .stringValue();
  }

  public String exchange(String token) {
    Answer answer =
        new Client("").send("POST", "/api/v1/identity/exchange", "{\"token\": \"" + token + "\"}");
    if (answer.status() != 200) {
      throw new AssertionError("exchange: " + answer);
    }
    return answer.json().get("jwt").stringValue();
  }

  /** A client of the service account that acts for a team of its own, which is made if need be. */
  public Client team(String team) {
    bean(JdbcTemplate.class)
        .update(
            "INSERT INTO teams (id, name, created_at) VALUES (?, ?, now()) ON CONFLICT DO NOTHING",
            team,
            team);
    return service(team);
  }

  /** A client of the service account that names this team, whether there is one or not. */
  public Client service(String team) {
    return new Client(exchange(serviceToken()), "X-Unmask-Team", team);
  }

  public Client owner() {
    return new Client(exchange(ownerToken()));
  }

  public Client as(String jwt) {
    return new Client(jwt);
  }

  public Client anonymous() {
    return new Client("");
  }

  @Override
  public void close() {
    context.close();
  }

  private String read(String name) {
    try {
      return Files.readString(folder.resolve(name)).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a request was answered. */
  public record Answer(int status, HttpResponse<byte[]> response) {
    public String text() {
      return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    @Override
    public String toString() {
      return status + " " + text();
    }
  }

  /** Calls with one token. */
  public final class Client {
    private final String jwt;
    private final String[] headers;

    Client(String jwt, String... headers) {
      this.jwt = jwt;
      this.headers = headers;
    }

    /** What the client shows, for callers that are no {@link Client}. */
    public String jwt() {
      return jwt;
    }

    public Answer get(String path) {
      return send("GET", path, BodyPublishers.noBody());
    }

    public Answer post(String call, String json) {
      return send("POST", "/api/2.0/mlflow/" + call, json);
    }

    public Answer send(String method, String path, String json) {
      BodyPublisher body = BodyPublishers.ofString(json);
      return checked(path + json, answer(method, path, body, "Content-Type", "application/json"));
    }

    public Answer send(String method, String path, BodyPublisher body, String... more) {
      return checked(path + String.join("", more), answer(method, path, body, more));
    }

    /** No error of any test tells of the inside. */
    private Answer checked(String sent, Answer answer) {
      if (answer.status() >= 400) {
        ErrorText.check(answer.status(), answer.text(), sent + String.join("", headers));
      }
      return answer;
    }

    private Answer answer(String method, String path, BodyPublisher body, String... more) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path)).method(method, body);
      if (!jwt.isEmpty()) {
        request.header("Authorization", "Bearer " + jwt);
      }
      for (String[] pairs : new String[][] {headers, more}) {
        if (pairs.length > 0) {
          request.headers(pairs);
        }
      }
      try {
        HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
  }

  private static final class Holder {
    static final RegistryServer SERVER = start("--unmask.registry.artifacts.max-upload=1MB");
  }
}
