package dev.unmask.registry.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.Together;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.jdbc.core.JdbcTemplate;

/** Replicas share one database and one data directory, and may start at the same moment. */
class ReplicasIT {

  @Test
  void migrateAnEmptyDatabaseOnceWhenTheyStartTogether(@TempDir Path folder) throws Exception {
    TestDatabase database = PostgresExtension.freshDatabase();
    String secret = "one-token-of-the-owner-for-all-replicas-01234";

    List<RegistryServer> replicas = startTogether(database, folder, secret);
    try {
      JdbcTemplate jdbc = FilledV003.jdbc(database);
      assertThat(
              jdbc.queryForList(
                  "SELECT version FROM flyway_schema_history WHERE version IS NOT NULL",
                  String.class))
          .hasSizeGreaterThanOrEqualTo(3)
          .doesNotHaveDuplicates();
      assertThat(
              jdbc.queryForObject(
                  "SELECT bool_and(success) FROM flyway_schema_history", boolean.class))
          .isTrue();
      assertThat(jdbc.queryForList("SELECT name FROM users ORDER BY name", String.class))
          .containsExactly("owner", "services");
      assertThat(jdbc.queryForList("SELECT name FROM api_tokens ORDER BY name", String.class))
          .containsExactly("local owner (configured)", "local owner (file)", "services (file)");
      RegistryServer first = replicas.getFirst();
      RegistryServer second = replicas.getLast();
      for (String token : List.of(secret, first.ownerToken())) {
        String jwt = first.exchange(token);
        assertThat(second.as(jwt).get("/api/v1/identity/me").status())
            .as("what one replica signs the other takes")
            .isEqualTo(200);
      }
      String run =
          first.team("t").post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
      assertThat(second.team("t").get("/api/2.0/mlflow/runs/get?run_id=" + run).status())
          .isEqualTo(200);
    } finally {
      replicas.forEach(RegistryServer::close);
    }
  }

  /** Logging is set up once a process: two contexts that do it at once get in each other's way. */
  private static List<RegistryServer> startTogether(
      TestDatabase database, Path folder, String secret) throws Exception {
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    try {
      return Together.run(
          2,
          () -> RegistryServer.start(database, folder, "--unmask.identity.owner-token=" + secret));
    } finally {
      System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
    }
  }
}
