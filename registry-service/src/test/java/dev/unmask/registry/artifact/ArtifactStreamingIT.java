package dev.unmask.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large files pass through, whole or in part, and are never held in memory. */
class ArtifactStreamingIT {
  private static final int LARGE = 64 * 1024 * 1024;
  private static final int BUFFER = 64 * 1024;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
  private static final RegistryServer REGISTRY = RegistryServer.start();

  private final String teamId = "streams-" + UUID.randomUUID();
  private final Client team = REGISTRY.team(teamId);
  private String root = "";

  @AfterAll
  static void stop() {
    REGISTRY.close();
  }

  @BeforeEach
  void startRun() {
    String run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    root = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/";
  }

  @Test
  void takesAndGivesALargeFileInAFractionOfItsSize() throws IOException {
    String jwt = REGISTRY.exchange(REGISTRY.serviceToken());

    long putting = allocatedBy(() -> exchange("PUT", jwt, LARGE));
    long getting = allocatedBy(() -> exchange("GET", jwt, 0));

    assertThat(putting).isLessThan(LARGE / 4);
    assertThat(getting).isLessThan(LARGE / 4);
  }

  @Test
  void takesBytesAsTheyAreThoughTheyAreCalledAForm() {
    Answer put =
        team.send(
            "PUT",
            root + "form.txt",
            BodyPublishers.ofString("a=b&c=d"),
            "Content-Type",
            "application/x-www-form-urlencoded");

    assertThat(put.status()).isEqualTo(200);
    assertThat(team.get(root + "form.txt").text()).isEqualTo("a=b&c=d");
  }

  @Test
  void saysHowLongAnArtifactIsAndWhatItsDigestIs() {
    put();

    Answer answer = team.get(root + "a.txt");

    assertThat(header(answer, "Content-Length")).isEqualTo("26");
    assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
    String etag = header(answer, "ETag").replace("\"", "");
    assertThat(etag).isEqualTo("71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73");
    assertThat(header(answer, "Repr-Digest"))
        .isEqualTo(
            "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(etag)) + ":");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-4, abcde, 0-4",
    "bytes=23-, xyz, 23-25",
    "bytes=-2, yz, 24-25",
    "bytes=20-999, uvwxyz, 20-25"
  })
  void givesTheRangeThatWasAskedFor(String range, String expected, String given) {
    put();

    Answer answer = get("Range", range);

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.text()).isEqualTo(expected);
    assertThat(header(answer, "Content-Range")).isEqualTo("bytes " + given + "/26");
    assertThat(header(answer, "Content-Length")).isEqualTo("" + expected.length());
    assertThat(header(answer, "Content-Disposition")).startsWith("attachment");
  }

  @Test
  void givesSeveralRangesAsParts() {
    put();

    Answer answer = get("Range", "bytes=0-1,24-25");

    assertThat(answer.status()).isEqualTo(206);
    assertThat(header(answer, "Content-Type")).startsWith("multipart/byteranges");
    assertThat(answer.text())
        .contains("bytes 0-1/26")
        .contains("ab\r\n")
        .contains("bytes 24-25/26")
        .contains("yz\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=26-", "bytes=0-1,30-40", "bytes=5-2"})
  void refusesARangeThatIsNotThereWithoutSendingTheFile(String range) {
    put();

    Answer answer = get("Range", range);

    assertThat(answer.status()).isEqualTo(416);
    assertThat(header(answer, "Content-Range")).isEqualTo("bytes */26");
    assertThat(answer.text()).isEmpty();
  }

  @Test
  void takesNoNoticeOfRangesInAUnitThatItDoesNotKnow() {
    put();

    Answer answer = get("Range", "lines=1-2");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(ALPHABET);
  }

  @Test
  void goesOnWithADownloadOnlyWhileTheBytesAreTheSame() {
    put();
    String etag = header(team.get(root + "a.txt"), "ETag");

    Answer same = get("Range", "bytes=20-", "If-Range", etag);
    Answer changed = get("Range", "bytes=20-", "If-Range", "\"0000\"");

    assertThat(same.status()).isEqualTo(206);
    assertThat(same.text()).isEqualTo("uvwxyz");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text()).isEqualTo(ALPHABET);
    assertThat(header(changed, "Content-Length")).isEqualTo("26");
  }

  @Test
  void givesRangesByEveryRouteThatLeadsToAFile() {
    team.send("PUT", root + "config.json", BodyPublishers.ofString(ALPHABET));
    String run = root.split("/")[6];
    team.post("registered-models/create", "{\"name\": \"m\"}");
    team.post("model-versions/create", "{\"name\": \"m\", \"source\": \"runs:/" + run + "/\"}");
    String model =
        team.post("logged-models", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/model/info/model_id")
            .stringValue();
    String ofModel = "/api/2.0/mlflow-artifacts/artifacts/0/models/" + model + "/artifacts/f";
    team.send("PUT", ofModel, BodyPublishers.ofString(ALPHABET));

    for (String path :
        List.of(
            ofModel,
            root + "config.json",
            "/get-artifact?path=config.json&run_uuid=" + run,
            "/model-versions/get-artifact?name=m&version=1&path=config.json",
            "/api/v1/registry/models/m/versions/1/files?path=config.json")) {
      Answer answer = team.send("GET", path, BodyPublishers.noBody(), "Range", "bytes=3-5");

      assertThat(answer.status()).as(path).isEqualTo(206);
      assertThat(answer.text()).as(path).isEqualTo("def");
    }
  }

  @Test
  void sendsNothingAgainThatTheCallerHas() {
    put();
    String etag = header(team.get(root + "a.txt"), "ETag");

    Answer answer = get("If-None-Match", etag);

    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.text()).isEmpty();
  }

  private void put() {
    assertThat(team.send("PUT", root + "a.txt", BodyPublishers.ofString(ALPHABET)).status())
        .isEqualTo(200);
  }

  private Answer get(String... headers) {
    return team.send("GET", root + "a.txt", BodyPublishers.noBody(), headers);
  }

  private static String header(Answer answer, String name) {
    return answer.response().headers().firstValue(name).orElse("");
  }

  private interface Exchange {
    void run() throws IOException;
  }

  /** Bytes that all threads together took from the heap meanwhile. */
  private static long allocatedBy(Exchange exchange) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getTotalThreadAllocatedBytes();
    exchange.run();
    return threads.getTotalThreadAllocatedBytes() - before;
  }

  /** By hand and with one buffer: an HTTP client would allocate, too. */
  private void exchange(String method, String jwt, long send) throws IOException {
    URI uri = URI.create(REGISTRY.url());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "%s %slarge.bin HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nX-Unmask-Team: %s\r\n"
                  .formatted(method, root, uri.getAuthority(), jwt, teamId)
              + "Content-Length: %d\r\nConnection: close\r\n\r\n".formatted(send);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] buffer = new byte[BUFFER];
      for (long left = send; left > 0; left -= buffer.length) {
        out.write(buffer);
      }
      out.flush();
      InputStream in = socket.getInputStream();
      byte[] start = in.readNBytes(12);
      assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
      long received = 0;
      for (int read = 0; read >= 0; read = in.read(buffer)) {
        received += read;
      }
      assertThat(received).isGreaterThan(method.equals("GET") ? LARGE : 0);
    }
  }
}
