package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code kill -9} of the service in mid-load: all or nothing, nothing acknowledged is lost. */
class KilledServiceIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final TestDatabase database = PostgresExtension.freshDatabase();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port = freePort();
  private final List<Process> services = new ArrayList<>();

  @TempDir private Path folder;

  @AfterEach
  void endServices() {
    services.forEach(Process::destroyForcibly);
    services.forEach(service -> service.onExit().join());
  }

  @Test
  void losesNoAcknowledgedBatchAndTearsNone() throws Exception {
    Process first = startService();
    try (BatchLoad load = new BatchLoad(url(), ownersJwt())) {
      load.start(16);
      Await.until("acknowledged batches", LONG, () -> load.acknowledged() >= 100);
      first.destroyForcibly().onExit().join();
      load.close();

      startService();
      load.verify();
      assertThat(load.acknowledged()).isGreaterThanOrEqualTo(100);
    }
  }

  private String url() {
    return "http://127.0.0.1:" + port;
  }

  private Process startService() throws IOException {
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
    Process service =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(folder.resolve("service.log").toFile()))
            .start();
    services.add(service);
    Await.until("the service is ready", LONG, () -> isReady(service));
    return service;
  }

  private boolean isReady(Process service) throws Exception {
    if (!service.isAlive()) {
      throw new IllegalStateException(Files.readString(folder.resolve("service.log")));
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/actuator/health/readiness")).build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  private String ownersJwt() throws Exception {
    String token = Files.readString(folder.resolve("owner.token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/api/v1/identity/exchange"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"token\": \"" + token + "\"}"))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    return JsonMapper.shared().readTree(answer.body()).get("jwt").stringValue();
  }

  /**
   * Below the range of outgoing connections: one of those could take the port of a dead service.
   */
  private static int freePort() {
    return new Random()
        .ints(10_240, 32_000)
        .limit(1_000)
        .filter(KilledServiceIT::isFree)
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
