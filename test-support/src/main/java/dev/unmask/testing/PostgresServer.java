package dev.unmask.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One real PostgreSQL a JVM: a container where an engine answers, the embedded server elsewhere.
 */
final class PostgresServer {
  private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String host;
  private final int port;
  private final String user;
  private final String password;

  private PostgresServer(String host, int port, String user, String password) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  static PostgresServer shared() {
    return Holder.SERVER;
  }

  TestDatabase freshDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url("postgres"), user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot create database " + name, failure);
    }
    return new TestDatabase(url(name), user, password);
  }

  private String url(String database) {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  private static final class Holder {
    static final PostgresServer SERVER = start();

    private static PostgresServer start() {
      return dockerAnswers() ? container() : embedded();
    }

    private static boolean dockerAnswers() {
      try {
        return DockerClientFactory.instance().isDockerAvailable();
      } catch (RuntimeException | LinkageError absent) {
        return false;
      }
    }

    // Lives as long as the JVM; Testcontainers' reaper removes it.
    @SuppressWarnings("resource")
    private static PostgresServer container() {
      PostgreSQLContainer container = new PostgreSQLContainer("postgres:18.6");
      container.start();
      log.info("tests run on PostgreSQL in a container");
      return new PostgresServer(
          container.getHost(),
          container.getMappedPort(5432),
          container.getUsername(),
          container.getPassword());
    }

    private static PostgresServer embedded() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "stop-postgres"));
        log.info("tests run on embedded PostgreSQL at port {}", server.getPort());
        return new PostgresServer("127.0.0.1", server.getPort(), "postgres", "postgres");
      } catch (IOException failure) {
        throw new UncheckedIOException("the embedded PostgreSQL does not start", failure);
      }
    }

    private static void close(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException failure) {
        log.warn("the embedded PostgreSQL did not stop cleanly", failure);
      }
    }
  }
}
