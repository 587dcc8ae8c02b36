package dev.unmask.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.testing.RouteTable;
import dev.unmask.testing.RouteTable.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/**
 * Each route of the running registry, called by each kind of caller, against {@code routes.txt}.
 */
class RouteMatrixIT {
  private static final RouteTable TABLE = RouteTable.beside(RouteMatrixIT.class, "routes.txt");
  private static final List<String> CALLERS =
      List.of(Teams.NONE, Teams.SHARED, Teams.OTHER, "viewer", "member", "maintainer", Teams.ADMIN);

  private static RegistryServer registry;
  private static RouteFixture fixture;

  @BeforeAll
  static void start() {
    // Nobody calls from this network: metrics, too, need a token. Nothing is worked on meanwhile.
    registry =
        RegistryServer.start(
            "--unmask.metrics.open-to=192.0.2.0/24",
            "--unmask.registry.imports.every=1h",
            "--unmask.registry.retention.enabled=false");
    fixture = new RouteFixture(new Teams(registry));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void listsEveryRouteThatIsServed() {
    SortedMap<String, String> served = ServedRoutes.of(registry);

    List<String> linesToAdd = TABLE.unlisted(served.keySet()).stream().map(served::get).toList();

    assertThat(served).hasSizeGreaterThan(100);
    assertThat(linesToAdd)
        .as(
            "lines to add to src/test/resources/dev/unmask/registry/access/routes.txt; decide each"
                + " '?' and put an example for <request>:\n"
                + String.join("\n", linesToAdd))
        .isEmpty();
  }

  @Test
  void listsNoRouteThatIsGone() {
    List<String> stale = TABLE.stale(ServedRoutes.of(registry).keySet());

    assertThat(stale).as(String.join("\n", stale)).isEmpty();
  }

  @Test
  void wouldTellWhichLineIsMissing() {
    SortedMap<String, String> served = ServedRoutes.of(registry);
    String left = "POST /api/2.0/mlflow/runs/delete";
    String table =
        "columns: gateway none shared other viewer member maintainer admin\n"
            + String.join(
                "\n",
                served.entrySet().stream()
                    .filter(route -> !route.getKey().equals(left))
                    .map(java.util.Map.Entry::getValue)
                    .toList());

    assertThat(RouteTable.parse("t", table).unlisted(served.keySet())).containsExactly(left);
    assertThat(served.get(left))
        .isEqualTo(
            "POST\t/api/2.0/mlflow/runs/delete\tyes\t401\t403\t?\t403\t2xx\t2xx\t2xx\t<request>");
    assertThat(
            RouteTable.parse("t", table + "\nGET /gone yes 401 403 404 2xx 2xx 2xx 2xx -")
                .stale(served.keySet()))
        .singleElement()
        .asString()
        .contains("GET /gone", "remove the line");
  }

  /** Routes of other kinds would not be in the table. */
  @Test
  void servesNothingButTheRoutesThatAreCounted() {
    assertThat(registry.beans(AbstractUrlHandlerMapping.class))
        .allSatisfy(mapping -> assertThat(mapping.getHandlerMap()).isEmpty());
    assertThat(registry.beans(RouterFunctionMapping.class))
        .allSatisfy(mapping -> assertThat(mapping.getRouterFunction()).isNull());
  }

  @TestFactory
  Stream<DynamicTest> answersEachCallerAsTheTableSays() {
    return TABLE.lines().stream()
        .map(line -> DynamicTest.dynamicTest(line.toString(), () -> callByEverybody(line)));
  }

  private static void callByEverybody(Line line) {
    List<String> wrong = new ArrayList<>();
    for (String caller : CALLERS) {
      Answer answer = fixture.call(line, caller);
      if (!line.expects(caller, answer.status())) {
        wrong.add(caller + " expected " + line.cell(caller) + ", got " + answer);
      }
    }
    assertThat(wrong).as("routes.txt line " + line.number() + ", " + line).isEmpty();
  }
}
