package dev.unmask.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootTest(
    classes = SampleApplication.class,
    properties = "spring.jackson.deserialization.fail-on-unknown-properties=true")
@AutoConfigureMockMvc
class ServiceSupportTest {
  private final MockMvcTester http;

  @Autowired
  ServiceSupportTest(MockMvcTester http) {
    this.http = http;
  }

  @Test
  void answersAPublicRouteWithoutAToken() {
    assertThat(get("/open", null)).hasStatus(200);
  }

  @Test
  void answersARouteThatNeedsARoleWithoutATokenBy401() {
    assertThat(get("/team", null))
        .hasStatus(401)
        .bodyJson()
        .extractingPath("$.code")
        .isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void refusesAnExpiredTokenAndAnUnsignedOne() {
    String expired = TestTokens.jwt("ann", "red", "admin", Instant.now().minusSeconds(120));

    assertThat(get("/team", expired)).hasStatus(401);
    assertThat(get("/team", "eyJhbGciOiJub25lIn0.e30.")).hasStatus(401);
  }

  @Test
  void letsARoleCoverTheOnesBeforeItAndNoMore() {
    assertThat(get("/team", TestTokens.jwt("ann", "red", "maintainer"))).hasStatus(200);
    assertThat(get("/team", TestTokens.jwt("ann", "red", "viewer"))).hasStatus(403);
    assertThat(get("/admin", TestTokens.jwt("ann", "red", "maintainer"))).hasStatus(403);
  }

  @Test
  void honoursTheTeamHeaderFromTheServiceAccountOnly() {
    assertThat(team("red", "member", "blue")).hasBodyTextEqualTo("red");
    assertThat(team("services", "service", "blue")).hasBodyTextEqualTo("blue");
    assertThat(get("/team", TestTokens.jwt("s", "services", "service")))
        .hasStatus(400)
        .bodyJson()
        .extractingPath("$.code")
        .isEqualTo("TEAM_REQUIRED");
  }

  @Test
  void namesEveryFaultyFieldAtOnce() {
    assertThat(order("{\"name\": \" \", \"count\": 9}"))
        .hasStatus(400)
        .bodyJson()
        .extractingPath("$.errors[*].field")
        .asArray()
        .containsExactlyInAnyOrder("name", "count");
  }

  @Test
  void namesAnUnknownField() {
    assertThat(order("{\"name\": \"a\", \"count\": 1, \"coutn\": 1}"))
        .hasStatus(400)
        .bodyJson()
        .extractingPath("$.errors[0].field")
        .isEqualTo("coutn");
  }

  @Test
  void saysWhatAFieldOfTheWrongTypeMustBeAndNamesNoClass() {
    assertThat(order("{\"name\": \"a\", \"count\": \"many\"}"))
        .hasStatus(400)
        .bodyText()
        .contains("count must be a number in range, was many")
        .doesNotContain("java", "dev.unmask");
    assertThat(order("{\"name\": {}, \"count\": 1}"))
        .hasStatus(400)
        .bodyText()
        .contains("name must be a text")
        .doesNotContain("java", "dev.unmask");
  }

  @Test
  void saysWhereBrokenJsonBreaks() {
    assertThat(order("{\"name\": "))
        .hasStatus(400)
        .bodyJson()
        .extractingPath("$.code")
        .isEqualTo("UNREADABLE_BODY");
  }

  @Test
  void tellsAnOverloadedCallerWhenToComeBack() {
    assertThat(get("/busy", member())).hasStatus(429).hasHeader("Retry-After", "7");
  }

  @Test
  void keepsTheCauseOfAnInternalFaultToTheLogs() {
    assertThat(get("/broken", member()))
        .hasStatus(500)
        .bodyText()
        .contains("requestId")
        .doesNotContain("secret");
  }

  @Test
  void endsTheConnectionWhereAnAnswerCanNotBeFinished() throws Exception {
    try (ConfigurableApplicationContext server =
            new SpringApplicationBuilder(SampleApplication.class)
                .properties("server.port=0")
                .run();
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri =
          URI.create(
              "http://127.0.0.1:"
                  + server.getEnvironment().getProperty("local.server.port")
                  + "/cut");
      HttpRequest request =
          HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + member()).build();

      assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void answersAnUnknownRouteWithAProblem() {
    assertThat(get("/nowhere", member()))
        .hasStatus(404)
        .bodyJson()
        .extractingPath("$.code")
        .isEqualTo("ROUTE_NOT_FOUND");
  }

  @Test
  void keepsAHarmlessRequestIdAndReplacesAnotherOne() {
    assertThat(http.get().uri("/open").header("X-Request-Id", "client-12345"))
        .hasHeader("X-Request-Id", "client-12345");
    assertThat(
            http.get()
                .uri("/open")
                .header("X-Request-Id", "forged\nline")
                .exchange()
                .getResponse()
                .getHeader("X-Request-Id"))
        .matches("[0-9a-f-]{36}");
  }

  @Test
  void refusesToStartWithARouteThatStatesNoRole() {
    var application =
        new SpringApplicationBuilder(SampleApplication.class, Undeclared.class)
            .properties("server.port=0");

    assertThatThrownBy(application::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Undeclared");
  }

  private static String member() {
    return TestTokens.jwt("ann", "red", "member");
  }

  private MvcTestResult get(String path, @Nullable String jwt) {
    var request = http.get().uri(path);
    return (jwt == null ? request : request.header("Authorization", "Bearer " + jwt)).exchange();
  }

  private MvcTestResult team(String team, String role, String header) {
    return http.get()
        .uri("/team")
        .header("Authorization", "Bearer " + TestTokens.jwt("ann", team, role))
        .header("X-Unmask-Team", header)
        .exchange();
  }

  private MvcTestResult order(String json) {
    return http.post()
        .uri("/orders")
        .header("Authorization", "Bearer " + member())
        .contentType(MediaType.APPLICATION_JSON)
        .content(json)
        .exchange();
  }

  @RestController
  static class Undeclared {
    @GetMapping("/undeclared")
    String undeclared() {
      return "never";
    }
  }
}
