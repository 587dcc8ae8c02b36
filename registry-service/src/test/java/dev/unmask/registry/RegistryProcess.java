package dev.unmask.registry;

import dev.unmask.testing.Await;
import dev.unmask.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The registry in a process of its own, which can be killed and started again. */
public final class RegistryProcess implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final TestDatabase database;
  private final Path folder;
  private final List<String> settings;
  private final int port = freePort();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Process> started = new ArrayList<>();

  public RegistryProcess(TestDatabase database, Path folder, String... settings) {
    this.database = database;
    this.folder = folder;
    this.settings = List.of(settings);
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts it and waits until it is ready. */
  public void start() {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RegistryApplication.class.getName(),
                "--server.port=" + port,
                "--unmask.registry.data-directory=" + folder,
                "--unmask.identity.owner-token-file=" + folder.resolve("owner.token")));
    database.springProperties().forEach((key, value) -> command.add("--" + key + "=" + value));
    command.addAll(settings);
    try {
      Process service =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(folder.resolve("service.log").toFile()))
              .start();
      started.add(service);
      Await.until("the service is ready", LONG, () -> isReady(service));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** As {@code kill -9} does. */
  public void kill() {
    started.getLast().destroyForcibly().onExit().join();
  }

  /** A signed token of the owner, good for some minutes. */
  public String ownersJwt() {
    try {
      String token = Files.readString(folder.resolve("owner.token")).strip();
      return answer(
              "POST",
              "/api/v1/identity/exchange",
              "",
              BodyPublishers.ofString("{\"token\": \"" + token + "\"}"))
          .get("jwt")
          .stringValue();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Calls as the owner and expects a 2xx with JSON. */
  public JsonNode call(String method, String path, String body) {
    return answer(
        method,
        path,
        ownersJwt(),
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }

  /** Gets a text as the owner. */
  public String text(String path) {
    return body("GET", path, ownersJwt(), BodyPublishers.noBody());
  }

  private JsonNode answer(String method, String path, String jwt, BodyPublisher body) {
    return JsonMapper.shared().readTree(body(method, path, jwt, body));
  }

  private String body(String method, String path, String jwt, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/json")
            .method(method, body);
    if (!jwt.isEmpty()) {
      request.header("Authorization", "Bearer " + jwt);
    }
    HttpResponse<String> answer = send(request.build());
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private boolean isReady(Process service) throws Exception {
    if (!service.isAlive()) {
      throw new IllegalStateException(Files.readString(folder.resolve("service.log")));
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/actuator/health/readiness")).build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
    started.forEach(service -> service.onExit().join());
  }

  /**
   * Below the range of outgoing connections: one of those could take the port of a dead service.
   */
  private static int freePort() {
    return new Random()
        .ints(10_240, 32_000)
        .limit(1_000)
        .filter(RegistryProcess::isFree)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
