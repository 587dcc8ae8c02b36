package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.RouteTable;
import dev.unmask.testing.RouteTable.Line;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.core.io.Resource;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import reactor.core.publisher.Mono;

/**
 * Each route of the gateway, its own and the forwarded ones, with and without a token, against
 * {@code routes.txt}. Roles are decided by the services: of the registry's routes, its own table
 * says which may be reached from outside, and that is checked here.
 */
class RouteTableTest {
  private static final RouteTable TABLE = RouteTable.beside(RouteTableTest.class, "routes.txt");
  private static final Path REGISTRYS_TABLE =
      Path.of("../registry-service/src/test/resources/dev/unmask/registry/access/routes.txt");

  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start("--unmask.gateway.loopback-metrics=false");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void listsEveryRouteThatIsServed() {
    Collection<String> served = served();
    List<String> missing = TABLE.unlisted(served);

    assertThat(served).hasSizeGreaterThan(25);
    assertThat(missing)
        .as(
            "lines to add to src/test/resources/dev/unmask/gateway/routes.txt:\n"
                + String.join(" 401 2xx -\n", missing)
                + " 401 2xx -")
        .isEmpty();
  }

  @Test
  void listsNoRouteThatIsGone() {
    List<String> stale = TABLE.stale(served());

    assertThat(stale).as(String.join("\n", stale)).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> answersWithAndWithoutATokenAsTheTableSays() {
    return TABLE.lines().stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.toString(),
                    () -> {
                      check(line, "none", false);
                      check(line, "token", true);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> forwardsOfTheRegistrysRoutesThoseThatArePublic() {
    assertThat(Files.exists(REGISTRYS_TABLE)).isTrue();
    return RouteTable.of(REGISTRYS_TABLE).lines().stream()
        .map(line -> DynamicTest.dynamicTest(line.toString(), () -> checkForwarding(line)));
  }

  private static void checkForwarding(Line line) {
    // The public port's own management endpoints have the same paths as the registry's.
    String path = concrete(line.route());
    int before = gateway.services.seen.size();
    send(line, path, true);
    boolean forwarded = gateway.services.seen.size() > before;

    assertThat(line.cell("gateway")).isIn("yes", "no");
    assertThat(forwarded)
        .as(
            "the registry's table says gateway=%s; if that is meant, change the routes in"
                + " gateway-service.yml",
            line.cell("gateway"))
        .isEqualTo(line.cell("gateway").equals("yes"));
    if (forwarded) {
      assertThat(send(line, path, false).statusCode()).isEqualTo(401);
    }
  }

  private static void check(Line line, String column, boolean signed) {
    HttpResponse<String> answer = send(line, concrete(line.route()), signed);

    assertThat(line.expects(column, answer.statusCode()))
        .as(
            "routes.txt line %s, column %s: got %s %s",
            line.number(), column, answer.statusCode(), answer.body())
        .isTrue();
  }

  private static HttpResponse<String> send(Line line, String path, boolean signed) {
    String method = line.method().equals("ANY") ? "GET" : line.method();
    boolean json = line.request().startsWith("{");
    var request = signed ? gateway.signed(path) : gateway.request(path);
    return gateway.send(
        request
            .header("Content-Type", "application/json")
            .method(
                method,
                json
                    ? BodyPublishers.ofString(
                        line.request().replace("TOKEN", FakeServices.GOOD_TOKEN))
                    : BodyPublishers.noBody()));
  }

  private static String concrete(String route) {
    return route.replace("/**", "/x").replaceAll("\\{\\*?\\w+}", "7");
  }

  private static Collection<String> served() {
    TreeSet<String> served = new TreeSet<>();
    gateway
        .context
        .getBeansOfType(RequestMappingInfoHandlerMapping.class)
        .values()
        .forEach(mapping -> mapping.getHandlerMethods().keySet().forEach(m -> add(served, m)));
    for (RouteDefinition route : gateway.context.getBean(GatewayProperties.class).getRoutes()) {
      route.getPredicates().stream()
          .flatMap(predicate -> predicate.getArgs().values().stream())
          .forEach(pattern -> served.add("ANY " + pattern));
    }
    gateway
        .context
        .getBeansOfType(RouterFunction.class)
        .values()
        .forEach(function -> function.accept(new Patterns(served)));
    gateway
        .context
        .getBeansOfType(AbstractUrlHandlerMapping.class)
        .values()
        .forEach(m -> m.getHandlerMap().keySet().forEach(pattern -> served.add("GET " + pattern)));
    return served;
  }

  private static void add(Collection<String> served, RequestMappingInfo mapping) {
    mapping
        .getPatternsCondition()
        .getPatterns()
        .forEach(
            pattern -> {
              var methods = mapping.getMethodsCondition().getMethods();
              if (methods.isEmpty()) {
                served.add("ANY " + pattern);
              }
              methods.forEach(method -> served.add(method + " " + pattern));
            });
  }

  /** Tells a functional route by its predicate's text, and resources by their pattern. */
  private record Patterns(Collection<String> served) implements RouterFunctions.Visitor {
    @Override
    public void startNested(RequestPredicate predicate) {}

    @Override
    public void endNested(RequestPredicate predicate) {}

    @Override
    public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
      served.add(predicate.toString().replaceAll("[()]", "").replace("&& ", ""));
    }

    @Override
    public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
      served.add("GET " + lookup.toString().replaceAll(" ->.*", ""));
    }

    @Override
    public void attributes(Map<String, Object> attributes) {}

    @Override
    public void unknown(@Nullable RouterFunction<?> function) {
      served.add("UNKNOWN " + function);
    }
  }
}
