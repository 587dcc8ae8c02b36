package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;

/** Every configured route, with no token, a wrong one and a good one; and what is no route. */
class RouteAccessTest {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** One concrete path for each pattern of each route. */
  static List<String> routedPaths() {
    List<String> paths = new ArrayList<>();
    for (RouteDefinition route : gateway.context.getBean(GatewayProperties.class).getRoutes()) {
      for (PredicateDefinition predicate : route.getPredicates()) {
        assertThat(predicate.getName()).isEqualTo("Path");
        predicate.getArgs().values().stream()
            .map(pattern -> pattern.replace("**", "some").replaceAll("\\{\\w+}", "7"))
            .forEach(paths::add);
      }
    }
    assertThat(paths).hasSizeGreaterThan(15);
    return paths;
  }

  @ParameterizedTest
  @MethodSource("routedPaths")
  void asksForATokenInTheShapeOfTheProtocol(String path) {
    HttpResponse<String> answer = gateway.send(gateway.request(path));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"unmask\"");
    assertShape(path, answer.body());
  }

  @ParameterizedTest
  @MethodSource("routedPaths")
  void refusesAWrongToken(String path) {
    HttpResponse<String> answer =
        gateway.send(
            gateway.request(path).header("Authorization", "Bearer umk_wrongwrongwrongwrongwrong"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertShape(path, answer.body());
  }

  @ParameterizedTest
  @MethodSource("routedPaths")
  void forwardsWithAGoodTokenAndNothingElseOfTheCaller(String path) {
    int before = gateway.services.seen.size();

    HttpResponse<String> answer = gateway.send(gateway.signed(path));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.services.seen).hasSize(before + 1);
    assertThat(gateway.services.last().uri().getPath()).isEqualTo(path);
    assertThat(gateway.services.last().header("Authorization"))
        .isEqualTo("Bearer " + FakeServices.jwt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/identity/exchange",
        "/api/v1/identity/jwks",
        "/api/v1/identity",
        "/api/v1/nothing",
        "/api/2.0/preview/mlflow/runs/get",
        "/actuator/env",
        "/webjars/x.js",
        "/index.html",
        "/gateway-service.yml"
      })
  void answersWhatIsNoRouteWith404EvenWithAGoodToken(String path) {
    int before = gateway.services.seen.size();

    assertThat(gateway.send(gateway.request(path)).statusCode()).isEqualTo(404);
    assertThat(gateway.send(gateway.signed(path)).statusCode()).isEqualTo(404);

    assertThat(gateway.services.seen).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/version", "/actuator/health", "/", "/app/main.js"})
  void servesThePublicPathsToAnybody(String path) {
    assertThat(gateway.send(gateway.request(path)).statusCode()).isEqualTo(200);
  }

  @Test
  void namesTheServiceOfEveryRouteForItsErrors() {
    assertThat(gateway.context.getBean(GatewayProperties.class).getRoutes())
        .allSatisfy(route -> assertThat(route.getMetadata()).containsKey("service"));
  }

  private static void assertShape(String path, String body) {
    if (path.startsWith("/v1/")) {
      assertThat(body)
          .contains("\"type\":\"authentication_error\"", "\"code\":\"invalid_api_key\"");
    } else if (path.contains("/2.0/mlflow")
        || path.contains("/3.0/mlflow")
        || path.endsWith("/get-artifact")) {
      assertThat(body).contains("\"error_code\":\"UNAUTHENTICATED\"");
    } else {
      assertThat(body).contains("\"code\":\"UNAUTHENTICATED\"", "\"requestId\"");
    }
  }
}
