package dev.unmask.registry.database;

import dev.unmask.registry.artifact.BlobStore;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** A database as the release with the schema V003 left it, with data in every table. */
final class FilledV003 {
  static final String FINISHED = "a0000000000000000000000000000001";
  static final String RUNNING = "a0000000000000000000000000000002";
  static final String THROWN_AWAY = "a0000000000000000000000000000003";
  static final String OF_DELETED_EXPERIMENT = "a0000000000000000000000000000004";
  static final String EMPTY = "a0000000000000000000000000000005";
  static final String OF_OTHER_TEAM = "b0000000000000000000000000000001";

  static final String TOKEN_OF_ANN = "the-token-of-ann-before-the-migration";
  static final String TOKEN_OF_BOB = "the-token-of-bob-before-the-migration";
  static final String REVOKED_TOKEN = "a-revoked-token-before-the-migration";

  static final String WEIGHTS = "weights before the migration";
  static final String NOTE = "grün 😀";

  private static final EncodedResource DATA =
      new EncodedResource(
          new ClassPathResource("migration/data-of-v003.sql"), StandardCharsets.UTF_8);

  private FilledV003() {}

  /**
   * @param folder where the registry keeps its files; the contents of the artifacts are put there
   */
  static TestDatabase database(Path folder) throws IOException, SQLException {
    TestDatabase database = PostgresExtension.freshDatabase();
    Flyway.configure()
        .dataSource(database.jdbcUrl(), database.user(), database.password())
        .locations("classpath:db/migration/registry")
        .schemas("registry")
        .defaultSchema("registry")
        .target("3")
        .load()
        .migrate();
    try (Connection connection = dataSource(database).getConnection()) {
      ScriptUtils.executeSqlScript(connection, DATA);
    }
    BlobStore blobs = new BlobStore(folder.resolve("blobs"));
    for (String content : List.of(WEIGHTS, "{}", NOTE, "")) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      try (BlobStore.Draft draft = blobs.receive(new ByteArrayInputStream(bytes), 1_000)) {
        draft.keep();
      }
    }
    return database;
  }

  static JdbcTemplate jdbc(TestDatabase database) {
    return new JdbcTemplate(dataSource(database));
  }

  private static DriverManagerDataSource dataSource(TestDatabase database) {
    DriverManagerDataSource source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    source.setSchema("registry");
    return source;
  }
}
