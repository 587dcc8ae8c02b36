package dev.unmask.registry.imports;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Stands between an import and its source: counts, holds up, refuses. */
final class Between implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String source;
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Predicate<String> held = path -> false;

  /** Requests that were let through. */
  final AtomicInteger passed = new AtomicInteger();

  /** Requests that wait, or waited, for {@link #release()}. */
  final AtomicInteger waiting = new AtomicInteger();

  /** What every request is answered instead; 0 for what the source answers. */
  volatile int status;

  Between(String source) throws IOException {
    this.source = source;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Holds requests up whose path with its query fulfils this, until they are released. */
  void hold(Predicate<String> requests) {
    held = requests;
  }

  void release() {
    held = path -> false;
    released.countDown();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (held.test(path)) {
        waiting.incrementAndGet();
        released.await();
      }
      int instead = status;
      if (instead != 0) {
        exchange.getResponseHeaders().set("Location", source + path);
        exchange.sendResponseHeaders(instead, -1);
        return;
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(source + path))
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
      header(exchange, request, "Authorization");
      header(exchange, request, "Content-Type");
      HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
      passed.incrementAndGet();
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private static void header(HttpExchange from, HttpRequest.Builder to, String name) {
    @Nullable String value = from.getRequestHeaders().getFirst(name);
    if (value != null) {
      to.header(name, value);
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
