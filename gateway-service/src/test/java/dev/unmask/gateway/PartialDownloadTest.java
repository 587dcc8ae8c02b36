package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A download that broke off goes on through the gateway, whatever route leads to the file. */
class PartialDownloadTest {
  private static final String PATH =
      "/api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/" + PartialFile.NAME;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PATH,
        "/ajax-api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/" + PartialFile.NAME,
        "/api/v1/registry/models/m/versions/1/" + PartialFile.NAME
      })
  void givesThePartThatWasAskedForAndSaysWhichItIs(String path) {
    HttpResponse<String> answer =
        gateway.send(
            gateway.signed(path).header("Range", "bytes=20-").header("If-Range", PartialFile.ETAG));

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo("uvwxyz");
    assertThat(header(answer, "Content-Range")).containsExactly("bytes 20-25/26");
    assertThat(header(answer, "Content-Length")).containsExactly("6");
    assertThat(header(answer, "ETag")).containsExactly(PartialFile.ETAG);
    assertThat(header(answer, "Repr-Digest")).containsExactly(PartialFile.DIGEST);
    assertThat(header(answer, "Accept-Ranges")).containsExactly("bytes");
  }

  @Test
  void beginsAnewWhereTheFileHasChanged() {
    HttpResponse<String> answer =
        gateway.send(get().header("Range", "bytes=20-").header("If-Range", "\"e0\""));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).hasSize(26);
  }

  @Test
  void refusesAPartThatIsNotThereAsTheServiceDoes() {
    HttpResponse<String> answer = gateway.send(get().header("Range", "bytes=99-"));

    assertThat(answer.statusCode()).isEqualTo(416);
    assertThat(header(answer, "Content-Range")).containsExactly("bytes */26");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void saysThatNothingHasChanged() {
    HttpResponse<String> answer = gateway.send(get().header("If-None-Match", PartialFile.ETAG));

    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(header(answer, "ETag")).containsExactly(PartialFile.ETAG);
  }

  private static HttpRequest.Builder get() {
    return gateway.signed(PATH);
  }

  private static List<String> header(HttpResponse<String> answer, String name) {
    return answer.headers().allValues(name);
  }
}
