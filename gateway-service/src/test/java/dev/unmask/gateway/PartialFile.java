package dev.unmask.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A file of a service's that gives the part that was asked for, as the registry does. */
final class PartialFile {
  static final String NAME = "part.bin";
  static final String ETAG = "\"e1\"";
  static final String DIGEST = "sha-256=:AAAA:";
  private static final String BYTES = "abcdefghijklmnopqrstuvwxyz";

  private PartialFile() {}

  static void answer(HttpExchange exchange) throws IOException {
    String range = header(exchange, "Range");
    String ifRange = header(exchange, "If-Range");
    exchange.getResponseHeaders().set("ETag", ETAG);
    exchange.getResponseHeaders().set("Repr-Digest", DIGEST);
    exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    if (ETAG.equals(header(exchange, "If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
    } else if (range == null || (ifRange != null && !ifRange.equals(ETAG))) {
      send(exchange, 200, 0);
    } else if (range.equals("bytes=20-")) {
      exchange.getResponseHeaders().set("Content-Range", "bytes 20-25/26");
      send(exchange, 206, 20);
    } else {
      exchange.getResponseHeaders().set("Content-Range", "bytes */26");
      exchange.sendResponseHeaders(416, -1);
    }
  }

  private static @Nullable String header(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  private static void send(HttpExchange exchange, int status, int from) throws IOException {
    byte[] bytes = BYTES.substring(from).getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
