package dev.unmask.registry.imports;

import static dev.unmask.registry.imports.SourceTeam.body;
import static dev.unmask.registry.imports.SourceTeam.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryProcess;
import dev.unmask.registry.RegistryServer;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code kill -9} of the registry in the middle of an import: the next start brings the rest. */
class ImportKilledIT {
  private static final String IMPORTS = "/api/v1/registry/imports";
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void goesOnWhereItWasKilled() throws IOException {
    SourceTeam source = new SourceTeam();
    try (Between between = new Between(RegistryServer.shared().url());
        RegistryProcess target =
            new RegistryProcess(
                PostgresExtension.freshDatabase(),
                folder,
                "--unmask.registry.imports.trusted-targets=127.0.0.1:" + between.port(),
                "--unmask.registry.imports.every=50ms",
                "--unmask.registry.imports.lease=2s")) {
      AtomicInteger histories = new AtomicInteger();
      between.hold(path -> path.contains("get-history") && histories.incrementAndGet() > 12);
      target.start();
      String id =
          target
              .call(
                  "POST",
                  IMPORTS,
                  body("'url': '" + between.url() + "', 'token': '" + source.token() + "'"))
              .get("id")
              .stringValue();
      Await.until("it is in the middle", LONG, () -> between.waiting.get() > 0);
      long before = target.call("GET", IMPORTS + "/" + id, "").at("/progress/runs").longValue();

      target.kill();
      between.release();
      target.start();
      Await.until(
          "the import has ended",
          LONG,
          () -> target.call("GET", IMPORTS + "/" + id, "").hasNonNull("endedAt"));
      JsonNode done = target.call("GET", IMPORTS + "/" + id, "");

      assertThat(before).isBetween(1L, 5L);
      assertThat(done.get("state").stringValue()).as(done::toString).isEqualTo("FINISHED");
      assertThat(done.get("faults")).as(done::toString).isEmpty();
      SortedMap<String, Object> there =
          Everything.of(
              (path, body) ->
                  ok(body.isEmpty()
                          ? source.admin.get(path)
                          : source.admin.send("POST", path, body))
                      .json(),
              address ->
                  ok(source.admin.get("/api/2.0/mlflow-artifacts/artifacts/" + address)).text());
      SortedMap<String, Object> here =
          Everything.of(
              (path, body) -> target.call(body.isEmpty() ? "GET" : "POST", path, body),
              address -> target.text("/api/2.0/mlflow-artifacts/artifacts/" + address));
      assertThat(here.keySet()).isEqualTo(there.keySet());
      here.forEach((what, told) -> assertThat(told).as(what).isEqualTo(there.get(what)));
    }
  }
}
