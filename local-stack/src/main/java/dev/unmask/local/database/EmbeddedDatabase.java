package dev.unmask.local.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server for this machine: loopback only, durable settings, a data directory that
 * is kept. Thread-safe.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String NAME = "unmask";
  private static final Duration STARTUP_LIMIT = Duration.ofSeconds(60);

  /** The library starts servers for tests and turns these off; acknowledged work must survive. */
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  private final Path home;
  private final DatabasePassword password;
  private final int port;
  private EmbeddedPostgres server;

  private EmbeddedDatabase(Path home, DatabasePassword password, int port) {
    this.home = home;
    this.password = password;
    this.port = port;
    this.server = launch();
  }

  /**
   * Starts the server of a directory, or adopts the one that an earlier, killed process left.
   *
   * @param home holds binaries, data, log and password; made when absent
   * @param wantedPort used unless a server of this directory already listens on another
   * @throws DatabaseUnavailable when no server runs with durable settings afterwards
   */
  public static EmbeddedDatabase start(Path home, int wantedPort) {
    int port = RunningServer.find(dataDirectory(home)).map(RunningServer::port).orElse(wantedPort);
    try {
      Files.createDirectories(home);
      EmbeddedDatabase database = new EmbeddedDatabase(home, DatabasePassword.of(home), port);
      database.prepare();
      return database;
    } catch (IOException e) {
      throw new DatabaseUnavailable("cannot write to " + home + ": " + e.getMessage(), e);
    }
  }

  /** The port of a server that an earlier, killed process left behind, if there is one. */
  public static Optional<Integer> orphanedPort(Path home) {
    return RunningServer.find(dataDirectory(home)).map(RunningServer::port);
  }

  public DatabaseAddress address() {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME, NAME, password.value());
  }

  /** Whether the server's process is alive; says nothing about how busy it is. */
  public synchronized boolean alive() {
    return RunningServer.find(dataDirectory(home)).isPresent();
  }

  /** Starts a server that died again on its port; the write-ahead log brings back its commits. */
  public synchronized void restart() {
    closeQuietly();
    server = launch();
  }

  @Override
  public synchronized void close() {
    closeQuietly();
  }

  private EmbeddedPostgres launch() {
    Path log = home.resolve("postgres.log");
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(dataDirectory(home))
              .setCleanDataDirectory(false)
              .setOverrideWorkingDirectory(home.resolve("binaries").toFile())
              .setRegisterShutdownHook(false) // the stack stops the services first
              .setPGStartupWait(STARTUP_LIMIT)
              .setOutputRedirector(Redirect.appendTo(log.toFile()))
              .setErrorRedirector(Redirect.appendTo(log.toFile()))
              .setConnectConfig("password", password.value());
      initialisation().forEach(builder::setLocaleConfig);
      DURABLE.forEach(builder::setServerConfig);
      builder.setServerConfig("listen_addresses", "127.0.0.1");
      builder.setServerConfig("unix_socket_directories", "");
      builder.setServerConfig("max_connections", "60");
      return builder.start();
    } catch (IOException | IllegalStateException e) {
      throw new DatabaseUnavailable(failure(log), e);
    }
  }

  /**
   * Options of initdb. The library passes them on as they are, after its own {@code -A trust}: the
   * later one wins, so that another user of this machine cannot simply connect.
   */
  private Map<String, String> initialisation() {
    return Map.of(
        "auth", "scram-sha-256",
        "pwfile", password.file().toString(),
        "locale", "C",
        "locale-provider", "builtin",
        "builtin-locale", "C.UTF-8");
  }

  private String failure(Path log) {
    String rootHint =
        "root".equals(System.getProperty("user.name"))
            ? " PostgreSQL refuses to run as root; here it runs in a user namespace, which this"
                + " system may forbid: use an ordinary account."
            : "";
    return "PostgreSQL did not start on port %d.%s Its last words, from %s:%n%s"
        .formatted(port, rootHint, log, lastLines(log));
  }

  private static String lastLines(Path log) {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - 8), all.size()));
    } catch (IOException e) {
      return "(no log)";
    }
  }

  /** Checks durability, then makes the role and the database that the services use. */
  private void prepare() {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String setting : DURABLE.keySet()) {
        requireOn(statement, setting);
      }
      // Role and password are ours: a base64url text needs no quoting.
      if (isAbsent(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + NAME + "'")) {
        statement.execute("CREATE ROLE " + NAME + " LOGIN PASSWORD '" + password.value() + "'");
      }
      if (isAbsent(statement, "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
        statement.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
      }
    } catch (SQLException e) {
      close();
      throw new DatabaseUnavailable("PostgreSQL cannot be prepared: " + e.getMessage(), e);
    }
  }

  private static void requireOn(Statement statement, String setting) throws SQLException {
    try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
      if (!row.next() || !"on".equals(row.getString(1))) {
        throw new SQLException("its setting " + setting + " is not on, so commits could be lost");
      }
    }
  }

  private static boolean isAbsent(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return !row.next();
    }
  }

  private void closeQuietly() {
    try {
      server.close();
    } catch (IOException e) {
      throw new DatabaseUnavailable("PostgreSQL did not stop: " + e.getMessage(), e);
    }
  }

  private static Path dataDirectory(Path home) {
    return home.resolve("data");
  }
}
