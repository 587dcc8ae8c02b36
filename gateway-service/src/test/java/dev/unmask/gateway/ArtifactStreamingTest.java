package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.unmask.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files go through the gateway part by part, and it holds none of them. */
class ArtifactStreamingTest {
  private static RunningGateway gateway;
  private final byte[] buffer = new byte[64 * 1024];

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void passesAnUploadOnBeforeItHasAllOfIt() throws IOException {
    LargeFile file = gateway.services.large;
    long before = allocated();

    try (Socket socket = open("PUT", LargeFile.SIZE)) {
      send(socket.getOutputStream(), LargeFile.PART);
      // The client sends no more until this part has arrived, so it was not held back.
      Await.until(
          "the first part arrived",
          Duration.ofSeconds(20),
          () -> file.received.get() == LargeFile.PART);
      send(socket.getOutputStream(), LargeFile.SIZE - LargeFile.PART);
      read(socket.getInputStream(), 12);
      assertThat(new String(buffer, 0, 12, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    }

    assertThat(file.received.get()).isEqualTo(LargeFile.SIZE);
    assertThat(allocated() - before).isLessThan(LargeFile.SIZE / 2);
  }

  @Test
  void passesADownloadOnBeforeItHasAllOfIt() throws IOException {
    long before = allocated();

    try (Socket socket = open("GET", 0)) {
      read(socket.getInputStream(), 12);
      assertThat(new String(buffer, 0, 12, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
      read(socket.getInputStream(), LargeFile.PART - buffer.length);
      gateway.services.large.goOn.countDown();
      read(socket.getInputStream(), LargeFile.SIZE - LargeFile.PART);
    }

    assertThat(allocated() - before).isLessThan(LargeFile.SIZE / 2);
  }

  private Socket open(String method, int length) throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    String head =
        ("%s /api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/%s HTTP/1.1\r\n"
                + "Host: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n")
            .formatted(method, LargeFile.NAME, FakeServices.GOOD_TOKEN, length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private void send(OutputStream out, int size) throws IOException {
    for (int sent = 0; sent < size; sent += buffer.length) {
      out.write(buffer);
    }
    out.flush();
  }

  /** Reads so many bytes, of which the last ones stay in the buffer. */
  private void read(InputStream in, int size) throws IOException {
    for (int left = size; left > 0; ) {
      int read = in.readNBytes(buffer, 0, Math.min(left, buffer.length));
      assertThat(read).as("bytes before the end").isPositive();
      left -= read;
    }
  }

  /** Bytes that all threads together took from the heap so far. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }
}
