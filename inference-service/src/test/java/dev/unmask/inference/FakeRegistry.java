package dev.unmask.inference;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** The registry's routes that deployments use, over real HTTP; tests change what it serves. */
final class FakeRegistry implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** Files by model and version; a test may change bytes after the manifest was made. */
  final Map<String, Map<String, byte[]>> files = new ConcurrentHashMap<>();

  final Map<String, Map<String, Object>> versions = new ConcurrentHashMap<>();
  final AtomicInteger downloads = new AtomicInteger();
  final List<String> teams = java.util.Collections.synchronizedList(new ArrayList<>());
  volatile boolean away;

  /** What was told of deployments, one report an entry. */
  final List<String> reports = java.util.Collections.synchronizedList(new ArrayList<>());

  private final HttpServer server;

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Registers a version and gives it the alias, as the registry would. */
  void register(String model, int version, String alias, Map<String, byte[]> content) {
    List<Map<String, Object>> manifest = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(content)
        .forEach(
            (path, bytes) -> {
              String sha = sha256(bytes);
              manifest.add(Map.of("path", path, "size", bytes.length, "sha256", sha));
              lines.append(sha).append("  ").append(path).append('\n');
            });
    String digest = "sha256:" + sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, Object> view =
        new ConcurrentHashMap<>(
            Map.of(
                "name", model,
                "version", version,
                "digest", digest,
                "aliases", List.of(alias),
                "files", manifest,
                "createdAt", Instant.EPOCH.toString(),
                "tags", Map.of()));
    versions.put(model + "/" + version, view);
    versions.put(model + "/@" + alias, view);
    files.put(model + "/" + version, new ConcurrentHashMap<>(content));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (away) {
        send(exchange, 503, "{}".getBytes(StandardCharsets.UTF_8));
      } else if (path.equals("/api/v1/identity/exchange")) {
        String soon = Instant.now().plusSeconds(300).toString();
        json(exchange, 200, Map.of("jwt", "service-jwt", "expiresAt", soon));
      } else if (path.equals("/api/v1/registry/deployments")) {
        reports.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        send(exchange, 204, new byte[0]);
      } else if (path.endsWith("/files")) {
        file(exchange, path);
      } else {
        version(exchange, path);
      }
    }
  }

  private void version(HttpExchange exchange, String path) throws IOException {
    teams.add(exchange.getRequestHeaders().getFirst("X-Unmask-Team"));
    Map<String, Object> found =
        versions.get(path.replace("/api/v1/registry/models/", "").replace("/versions/", "/"));
    json(exchange, found == null ? 404 : 200, found == null ? Map.of("code", "X") : found);
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    downloads.incrementAndGet();
    String key =
        path.replace("/api/v1/registry/models/", "")
            .replace("/versions/", "/")
            .replace("/files", "");
    String name = exchange.getRequestURI().getQuery().replace("path=", "");
    byte[] bytes = files.getOrDefault(key, Map.of()).get(name);
    send(exchange, bytes == null ? 404 : 200, bytes == null ? new byte[0] : bytes);
  }

  private static void json(HttpExchange exchange, int status, Object body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, status, JSON.writeValueAsBytes(body));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
