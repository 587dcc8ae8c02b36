package dev.unmask.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With a receiver on the loopback interface, which the operator trusts here. */
class WebhookIT {
  private static final String HOOKS = "/api/v1/registry/webhooks";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final ConcurrentLinkedQueue<Received> RECEIVED = new ConcurrentLinkedQueue<>();
  private static final HttpServer RECEIVER = receiver();
  private static final String TARGET = "127.0.0.1:" + RECEIVER.getAddress().getPort();
  private static final String URL = "http://" + TARGET + "/hook";
  private static final RegistryServer REGISTRY =
      RegistryServer.start(
          "--unmask.registry.webhooks.trusted-targets=" + TARGET,
          "--unmask.registry.webhooks.every=50ms",
          "--unmask.registry.webhooks.pauses=50ms,50ms");
  private static volatile int answer = 204;

  private final Client team = REGISTRY.owner();

  /** A message as it came. */
  private record Received(String path, String id, String time, String signature, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  private static HttpServer receiver() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", WebhookIT::receive);
      server.start();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void receive(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    RECEIVED.add(
        new Received(
            exchange.getRequestURI().getPath(),
            headers.getFirst("webhook-id"),
            headers.getFirst("webhook-timestamp"),
            headers.getFirst("webhook-signature"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    if (answer == 302) {
      exchange.getResponseHeaders().set("Location", "/elsewhere");
    }
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  @AfterAll
  static void stop() {
    REGISTRY.close();
    RECEIVER.stop(0);
  }

  private JsonNode hook(Client client, String... events) {
    Answer made =
        client.send(
            "POST",
            HOOKS,
            "{\"url\": \"%s/%s\", \"events\": %s}"
                .formatted(URL, UUID.randomUUID(), JSON.writeValueAsString(events)));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made.json();
  }

  private static List<Received> received(JsonNode hook) {
    return RECEIVED.stream()
        .filter(message -> hook.at("/webhook/url").stringValue().endsWith(message.path()))
        .toList();
  }

  private static Received first(JsonNode hook) {
    Await.until("a message came", PATIENCE, () -> !received(hook).isEmpty());
    return received(hook).getFirst();
  }

  private String run() {
    return ok(team.post("runs/create", "{\"experiment_id\": \"0\", \"run_name\": \"r\"}"))
        .at("/run/info/run_id")
        .stringValue();
  }

  private void end(String run, String status) {
    ok(team.post("runs/update", "{\"run_id\": \"%s\", \"status\": \"%s\"}".formatted(run, status)));
  }

  @Test
  void tellsOfAnEndedRunWithASignatureThatVerifies() throws GeneralSecurityException {
    JsonNode hook = hook(team, "run.failed", "run.finished");
    String run = run();

    end(run, "FAILED");

    Received message = first(hook);
    assertThat(message.json().get("type").stringValue()).isEqualTo("run.failed");
    assertThat(message.json().at("/data/runId").stringValue()).isEqualTo(run);
    assertThat(message.signature())
        .isEqualTo("v1," + hmac(hook.get("secret").stringValue(), message));
  }

  @Test
  void tellsOnlyWhatWasAskedForAndOnlyTheTeam() {
    JsonNode hook = hook(team, "run.finished");
    JsonNode other = hook(REGISTRY.team("other"), "run.finished");

    end(run(), "KILLED");
    end(run(), "FINISHED");

    assertThat(first(hook).json().get("type").stringValue()).isEqualTo("run.finished");
    assertThat(received(hook)).hasSize(1);
    assertThat(received(other)).isEmpty();
  }

  @Test
  void doesNotTellWhatWasTakenBack() {
    JsonNode hook = hook(team, "model_alias.moved", "ping");
    String model = "m" + UUID.randomUUID();
    ok(team.post("registered-models/create", "{\"name\": \"" + model + "\"}"));

    Answer refused =
        team.post(
            "registered-models/alias",
            "{\"name\": \"" + model + "\", \"alias\": \"champion\", \"version\": \"1\"}");
    ping(hook);

    assertThat(refused.status()).isEqualTo(404);
    assertThat(first(hook).json().get("type").stringValue()).isEqualTo("ping");
  }

  @Test
  void triesAgainAndGivesUpAndCanBeAskedOnceMore() {
    answer = 500;
    JsonNode hook = hook(team, "ping");
    try {
      ping(hook);
      Await.until("given up", PATIENCE, () -> state(hook).equals("failed"));
      assertThat(received(hook)).hasSize(3);
      assertThat(received(hook).stream().map(Received::id).distinct()).hasSize(1);
      assertThat(delivery(hook).get("lastStatus").intValue()).isEqualTo(500);
    } finally {
      answer = 204;
    }

    String retry = deliveries(hook) + "/" + delivery(hook).get("id").longValue() + "/retry";
    assertThat(team.send("POST", retry, "").status()).isEqualTo(202);

    Await.until("delivered", PATIENCE, () -> state(hook).equals("delivered"));
    assertThat(team.send("POST", retry, "").status()).isEqualTo(409);
  }

  @Test
  void followsNoRedirect() {
    answer = 302;
    JsonNode hook = hook(team, "ping");
    try {
      ping(hook);
      Await.until("given up", PATIENCE, () -> state(hook).equals("failed"));
    } finally {
      answer = 204;
    }

    assertThat(delivery(hook).get("lastError").stringValue()).isEqualTo("answered 302");
    assertThat(RECEIVED.stream().map(Received::path)).doesNotContain("/elsewhere");
  }

  @Test
  void makesANewSecretAndForgetsTheOld() throws GeneralSecurityException {
    JsonNode hook = hook(team, "ping");
    JsonNode renewed = ok(team.send("POST", path(hook) + "/secret", ""));

    ping(hook);

    Received message = first(hook);
    assertThat(renewed.get("secret")).isNotEqualTo(hook.get("secret"));
    assertThat(message.signature())
        .isEqualTo("v1," + hmac(renewed.get("secret").stringValue(), message));
  }

  @Test
  void refusesAddressesInwardsAndUnknownEventsNamingTheField() {
    Answer inwards =
        team.send("POST", HOOKS, "{\"url\": \"https://169.254.169.254/\", \"events\": [\"ping\"]}");
    Answer unknown =
        team.send(
            "POST", HOOKS, "{\"url\": \"" + URL + "\", \"events\": [\"ping\", \"run.sung\"]}");

    assertThat(inwards.status()).isEqualTo(400);
    assertThat(inwards.json().at("/errors/0/field").stringValue()).isEqualTo("url");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().at("/errors/0/field").stringValue()).isEqualTo("events[1]");
  }

  @Test
  void isForAdministratorsOfTheTeam() {
    JsonNode hook = hook(team, "ping");
    Client maintainer = REGISTRY.as(REGISTRY.exchange(REGISTRY.newToken("maintainer")));
    Client other = REGISTRY.team("another");

    assertThat(maintainer.get(HOOKS).status()).isEqualTo(403);
    assertThat(other.get(path(hook)).status()).isEqualTo(404);
    assertThat(other.send("DELETE", path(hook), "").status()).isEqualTo(404);
    assertThat(other.send("POST", path(hook) + "/ping", "").status()).isEqualTo(404);
    assertThat(team.send("DELETE", path(hook), "").status()).isEqualTo(204);
    assertThat(team.get(path(hook)).status()).isEqualTo(404);
  }

  private void ping(JsonNode hook) {
    assertThat(team.send("POST", path(hook) + "/ping", "").status()).isEqualTo(202);
  }

  private static String path(JsonNode hook) {
    return HOOKS + "/" + hook.at("/webhook/id").stringValue();
  }

  private static String deliveries(JsonNode hook) {
    return path(hook) + "/deliveries";
  }

  private JsonNode delivery(JsonNode hook) {
    return ok(team.get(deliveries(hook))).get(0);
  }

  private String state(JsonNode hook) {
    return delivery(hook).get("state").stringValue();
  }

  private static String hmac(String secret, Received message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed = message.id() + "." + message.time() + "." + message.body();
    return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
