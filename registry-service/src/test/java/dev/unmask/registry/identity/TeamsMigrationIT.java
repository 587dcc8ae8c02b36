package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.RegistryServer;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Data from before teams had to exist. */
class TeamsMigrationIT {

  @Test
  void keepsTheTeamIdsOfWhatIsThereAndMakesTheTeamsThatWereMissing(@TempDir Path folder) {
    TestDatabase database = PostgresExtension.freshDatabase();
    JdbcTemplate jdbc = migratedTo(database, "3");
    jdbc.execute(
        """
        INSERT INTO registry.teams VALUES ('0123', 'local', now()), ('4567', 'taken', now());
        INSERT INTO registry.experiments (team_id, number, name, lifecycle, created_at, updated_at)
          VALUES ('0123', 0, 'Default', 'active', 1, 1), ('by-header', 0, 'Default', 'active', 1, 1),
                 ('taken', 0, 'Default', 'active', 1, 1);
        INSERT INTO registry.registered_models
          (team_id, name, last_version, created_at, updated_at) VALUES ('models-only', 'm', 0, 1, 1);
        INSERT INTO registry.audit_log (at, user_id, action, object) VALUES (now(), 'u', 'a', 'o');
        """);

    try (RegistryServer registry = RegistryServer.start(database, folder)) {
      assertThat(names(jdbc, "by-header")).isEqualTo("by-header");
      assertThat(names(jdbc, "models-only")).isEqualTo("models-only");
      assertThat(names(jdbc, "4567")).isEqualTo("taken");
      assertThat(names(jdbc, "taken")).startsWith("taken ");
      assertThat(
              registry
                  .service("models-only")
                  .get("/api/2.0/mlflow/registered-models/get?name=m")
                  .status())
          .isEqualTo(200);
      assertThat(registry.owner().get("/api/v1/identity/me").json().get("teamId").stringValue())
          .isEqualTo("0123");
      assertThat(
              registry
                  .owner()
                  .send("POST", "/api/v1/identity/teams", "{\"name\": \"new\"}")
                  .status())
          .isEqualTo(201);
      assertThatThrownBy(
              () ->
                  jdbc.update(
                      "INSERT INTO registry.experiments"
                          + " (team_id, number, name, lifecycle, created_at, updated_at)"
                          + " VALUES ('nobody', 0, 'Default', 'active', 1, 1)"))
          .isInstanceOf(DataIntegrityViolationException.class);
    }
  }

  private static String names(JdbcTemplate jdbc, String id) {
    return String.valueOf(
        jdbc.queryForObject("SELECT name FROM registry.teams WHERE id = ?", String.class, id));
  }

  private static JdbcTemplate migratedTo(TestDatabase database, String version) {
    var source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration/registry")
        .schemas("registry")
        .defaultSchema("registry")
        .target(version)
        .load()
        .migrate();
    return new JdbcTemplate(source);
  }
}
