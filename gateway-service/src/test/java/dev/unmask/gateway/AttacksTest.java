package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.Attacks;
import dev.unmask.testing.ErrorText;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What means harm is refused at the public port, or reaches a service exactly as it was sent. */
class AttacksTest {
  private static final List<String> PREFIXES =
      List.of(
          "/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/",
          "/api/v1/registry/models/",
          "/api/v1/identity/teams/",
          "/api/2.0/mlflow/",
          "/v1/",
          "/app/",
          "/libraries/");

  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void neitherReadsNorRewritesAnAddressThatLeadsElsewhere() throws IOException {
    for (String prefix : PREFIXES) {
      for (String form : Attacks.pathsInAddresses()) {
        int before = gateway.services.seen.size();

        String answer = raw("GET " + prefix + form + " HTTP/1.1", "Accept: */*");

        assertThat(answer).as(prefix + form).containsPattern("^HTTP/1.1 (200|400|404) ");
        if (answer.startsWith("HTTP/1.1 200 ")) {
          assertThat(gateway.services.seen).hasSize(before + 1);
          String path = gateway.services.last().uri().getRawPath();
          assertThat(path).isEqualTo(prefix + form);
          assertThat(path.toLowerCase(Locale.ROOT))
              .doesNotContain("../", "%2f", "%5c", "%00", "%0d", "%0a", "\\", ";");
        } else {
          assertThat(gateway.services.seen).hasSize(before);
          ErrorText.check(400, answer, prefix + form);
        }
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("set-cookie");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id: abc%0d%0aSet-Cookie: forged=1",
        "X-Request-Id: abc\r\n Set-Cookie: forged=1",
        "X-Request-Id: abc\rSet-Cookie: forged=1",
        "X-Request-Id: abc\nSet-Cookie: forged=1",
        "X-Request-Id: <script>alert(1)</script>",
        "X-Request-Id: ${jndi:ldap://127.0.0.1:9/x}",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Prefix: /evil",
        "Forwarded: host=evil.example",
        "X-Original-URL: /api/v1/identity/exchange",
        "X-Rewrite-URL: /api/v1/identity/exchange",
        "X-HTTP-Method-Override: DELETE",
        "X-Unmask-Team: theirs",
        "X-Unmask-Client-Address: evil.example",
        "Bad Name: x",
        "Transfer-Encoding: nonsense"
      })
  void repeatsAndPassesOnNoForgedHeader(String header) throws IOException {
    int before = gateway.services.seen.size();

    String answer = raw("GET /api/v1/registry/models HTTP/1.1", header);

    String head = answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    assertThat(head).containsPattern("^http/1.1 (200|400|501) ");
    assertThat(head).doesNotContain("set-cookie", "<script", "jndi", "\nserver:", "evil");
    ErrorText.check(head.startsWith("http/1.1 200") ? 200 : 400, answer, header);
    if (gateway.services.seen.size() > before) {
      FakeServices.Seen seen = gateway.services.last();
      assertThat(seen.method()).isEqualTo("GET");
      assertThat(seen.uri().getPath()).isEqualTo("/api/v1/registry/models");
      assertThat(seen.header("X-Request-Id")).matches("[A-Za-z0-9._-]+");
      assertThat(seen.header("X-Unmask-Team")).isNull();
      assertThat(String.valueOf(seen.header("X-Unmask-Client-Address"))).isEqualTo("127.0.0.1");
      assertThat(String.valueOf(seen.header("Host"))).doesNotContain("evil");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\u0000 HTTP/1.1",
        "GET /v1/<script>alert(1)</script> HTTP/1.1",
        "GET /../../etc/passwd HTTP/1.1",
        "GET /%zz HTTP/1.1",
        "TRACE /v1/models HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "nonsense"
      })
  void tellsNothingOfTheInsideToRequestsThatAreNoHttp(String line) throws IOException {
    int before = gateway.services.seen.size();

    String answer = raw(line, "Accept: */*");

    assertThat(answer).doesNotContain("HTTP/1.1 200", "root:");
    ErrorText.check(400, answer, line);
    assertThat(gateway.services.seen.size()).isIn(before, before + 1);
  }

  /** A request as it is written here, with a good token. */
  private static String raw(String line, String header) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
      String request =
          line
              + "\r\nHost: 127.0.0.1\r\n"
              + header
              + "\r\nAuthorization: Bearer "
              + FakeServices.GOOD_TOKEN
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
