package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signing in, acting by cookie, signing out. */
class SignInTest {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start("--unmask.gateway.rate.burst=1000");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void handsOutACookieThatScriptsAndOtherSitesCannotUseAndThatHidesTheToken() {
    HttpResponse<String> answer = signIn(FakeServices.GOOD_TOKEN);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"signedIn\":true", "\"name\":\"owner\"", "\"role\":\"admin\"");
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .contains("HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain(FakeServices.GOOD_TOKEN, "Secure");
  }

  @Test
  void refusesAWrongOrMissingToken() {
    assertThat(signIn("umk_wrongwrongwrongwrongwrong").statusCode()).isEqualTo(401);
    assertThat(signIn("short").statusCode()).isEqualTo(401);
    HttpResponse<String> missing =
        gateway.send(
            gateway
                .request("/api/v1/session")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(missing.body()).contains("token");
  }

  @Test
  void readsWithTheCookieButChangesOnlyFromItsOwnPage() {
    String cookie = cookie();

    HttpResponse<String> read =
        gateway.send(gateway.request("/v1/models").header("Cookie", cookie));
    HttpResponse<String> forged =
        gateway.send(
            gateway
                .request("/api/v1/training/jobs/1/stop")
                .header("Cookie", cookie)
                .POST(BodyPublishers.noBody()));
    HttpResponse<String> own =
        gateway.send(
            gateway
                .request("/api/v1/training/jobs/1/stop")
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.noBody()));
    HttpResponse<String> sibling =
        gateway.send(
            gateway
                .request("/api/v1/training/jobs/1/stop")
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-site")
                .header("Origin", "http://127.0.0.1:1")
                .POST(BodyPublishers.noBody()));

    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(forged.statusCode()).isEqualTo(403);
    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(sibling.statusCode()).isEqualTo(403);
  }

  @Test
  void opensNoForgedCookie() {
    String cookie = cookie();
    char last = cookie.charAt(cookie.length() - 5);
    String forged =
        cookie.substring(0, cookie.length() - 5)
            + (last == 'A' ? 'B' : 'A')
            + cookie.substring(cookie.length() - 4);

    assertThat(gateway.send(gateway.request("/v1/models").header("Cookie", forged)).statusCode())
        .isEqualTo(401);
    assertThat(
            gateway
                .send(gateway.request("/v1/models").header("Cookie", "unmask_session=x"))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void saysWhoIsSignedInWithoutAnAlarmForNobody() {
    HttpResponse<String> nobody = gateway.send(gateway.request("/api/v1/session"));
    HttpResponse<String> owner =
        gateway.send(gateway.request("/api/v1/session").header("Cookie", cookie()));

    assertThat(nobody.statusCode()).isEqualTo(200);
    assertThat(nobody.body()).contains("\"signedIn\":false");
    assertThat(owner.body()).contains("\"signedIn\":true");
  }

  @Test
  void takesTheCookieBackOnSigningOut() {
    HttpResponse<String> answer = gateway.send(gateway.request("/api/v1/session").DELETE());

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .contains("unmask_session=;", "Max-Age=0");
  }

  private static String cookie() {
    String header =
        signIn(FakeServices.GOOD_TOKEN).headers().firstValue("Set-Cookie").orElseThrow();
    return header.substring(0, header.indexOf(';'));
  }

  private static HttpResponse<String> signIn(String token) {
    return gateway.send(
        gateway
            .request("/api/v1/session")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"token\":\"" + token + "\"}")));
  }
}
