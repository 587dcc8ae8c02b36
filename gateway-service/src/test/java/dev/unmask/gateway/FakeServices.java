package dev.unmask.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The three services behind the gateway, on one port: the registry's exchange, a stream that the
 * test steps through, and an echo of everything else.
 */
final class FakeServices implements AutoCloseable {
  /** The secret of a share link. */
  static final String SHARED_TOKEN = "ums_goodgoodgoodgoodgoodgoodgoodgoodgoodgoodgo000000";

  static final String GOOD_TOKEN = "umk_goodgoodgoodgoodgoodgoodgoodgoodgoodgoodgo000000";

  /** One request as it arrived. */
  record Seen(String method, URI uri, Map<String, List<String>> headers, String body) {
    @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> String.join(",", entry.getValue()))
          .findFirst()
          .orElse(null);
    }
  }

  final AtomicInteger exchanges = new AtomicInteger();
  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final CountDownLatch clientLeft = new CountDownLatch(1);
  final CountDownLatch goOn = new CountDownLatch(1);
  final LargeFile large = new LargeFile();
  volatile Duration tokenLife = Duration.ofMinutes(5);
  volatile boolean registryAway;
  volatile boolean revoked;

  private final HttpServer server;
  private final DemoData data = new DemoData();

  private FakeServices(HttpServer server) {
    this.server = server;
  }

  static FakeServices start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FakeServices services = new FakeServices(server);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", services::answer);
      server.start();
      return services;
    } catch (IOException e) {
      throw new IllegalStateException("no loopback port", e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Seen last() {
    return seen.getLast();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.endsWith("/" + LargeFile.NAME)) {
        large.answer(exchange);
        return;
      }
      if (path.endsWith("/" + PartialFile.NAME)) {
        PartialFile.answer(exchange);
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (path.equals("/api/v1/identity/exchange")) {
        exchangeToken(exchange, body);
        return;
      }
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              Map.copyOf(exchange.getRequestHeaders()),
              body));
      if (path.endsWith("/events")) {
        stream(exchange);
      } else if (path.equals("/v1/completions")) {
        data.complete(exchange, body);
      } else {
        send(exchange, 200, data.answer(exchange, body));
      }
    }
  }

  private void exchangeToken(HttpExchange exchange, String body) throws IOException {
    exchanges.incrementAndGet();
    if (registryAway) {
      send(exchange, 503, "{}");
    } else if (revoked || !(body.contains(GOOD_TOKEN) || body.contains(SHARED_TOKEN))) {
      send(exchange, 401, "{\"code\":\"UNAUTHENTICATED\"}");
    } else {
      String role = body.contains(SHARED_TOKEN) ? "shared" : "admin";
      Map<String, String> answer =
          Map.of("jwt", jwt(role), "expiresAt", Instant.now().plus(tokenLife).toString());
      send(exchange, 200, JsonMapper.shared().writeValueAsString(answer));
    }
  }

  static String jwt() {
    return jwt("admin");
  }

  private static String jwt(String role) {
    String claims =
        "{\"sub\":\"1\",\"name\":\"owner\",\"team_name\":\"local\",\"role\":\"" + role + "\"}";
    return "head."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".sign";
  }

  /** One event at once, the second when the test says so; then until the client leaves. */
  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write("data: first\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      if (!goOn.await(20, TimeUnit.SECONDS)) {
        return;
      }
      for (int i = 0; i < 100_000; i++) {
        out.write("data: more\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (IOException left) {
      clientLeft.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Server", "fake");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    goOn.countDown();
    server.stop(0);
  }
}
