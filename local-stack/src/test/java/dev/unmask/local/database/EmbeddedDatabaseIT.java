package dev.unmask.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
  @TempDir Path home;

  @Test
  void keepsCommitsOverKillAndIsAdoptedWhereItStillRuns() throws Exception {
    int port = freePort();
    EmbeddedDatabase first = EmbeddedDatabase.start(home, port);
    execute(first.address(), "CREATE TABLE note (text text)");
    execute(first.address(), "INSERT INTO note VALUES ('kept')");

    RunningServer server = RunningServer.find(home.resolve("data")).orElseThrow();
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    assertThat(first.alive()).isFalse();
    restartUntilUp(first);

    assertThat(query(first.address(), "SELECT text FROM note")).isEqualTo("kept");
    assertThat(EmbeddedDatabase.orphanedPort(home)).contains(port);
    first.close();
    assertThat(EmbeddedDatabase.orphanedPort(home)).isEmpty();
  }

  @Test
  void isDurableAndAsksForItsPassword() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(home, freePort())) {
      DatabaseAddress address = database.address();

      assertThat(query(address, "SHOW fsync")).isEqualTo("on");
      assertThat(query(address, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(query(address, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(sqlState(new DatabaseAddress(address.jdbcUrl(), address.user(), "wrong")))
          .isEqualTo("28P01");
      assertThat(sqlState(new DatabaseAddress(address.jdbcUrl(), "postgres", "wrong")))
          .isEqualTo("28P01");
    }
  }

  /** Processes of a killed server need a moment to end; until then it cannot start again. */
  private static void restartUntilUp(EmbeddedDatabase database) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        database.restart();
        return;
      } catch (DatabaseUnavailable e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private static String sqlState(DatabaseAddress address) {
    try {
      query(address, "SELECT 1");
      return "00000";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  private static void execute(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
