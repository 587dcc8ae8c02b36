package dev.unmask.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A file of a service's that counts what arrives and sends its second part when told to. */
final class LargeFile {
  static final String NAME = "large.bin";
  static final int PART = 8 * 1024 * 1024;
  static final int SIZE = 8 * PART;

  final AtomicLong received = new AtomicLong();
  final CountDownLatch goOn = new CountDownLatch(1);
  private final byte[] buffer = new byte[64 * 1024];

  void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      InputStream in = exchange.getRequestBody();
      for (int read = 0; read >= 0; read = in.read(buffer)) {
        received.addAndGet(read);
      }
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(200, SIZE);
    send(exchange.getResponseBody(), PART);
    await();
    send(exchange.getResponseBody(), SIZE - PART);
  }

  private void send(OutputStream out, int size) throws IOException {
    for (int sent = 0; sent < size; sent += buffer.length) {
      out.write(buffer);
    }
    out.flush();
  }

  private void await() throws IOException {
    try {
      if (!goOn.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody read the first part");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
