package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Samples;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/**
 * What PostgreSQL allows by itself: points into a table like the registry's, no service between.
 */
final class PostgresFloor {
  private static final Reply DONE = new Reply(200, new byte[0], 0);

  private final Database database;
  private final RegistryScale scale;
  private final AtomicLong steps = new AtomicLong();

  PostgresFloor(Database database, RegistryScale scale) {
    this.database = database;
    this.scale = scale;
    database.update("CREATE SCHEMA IF NOT EXISTS floor");
    database.update(
        "CREATE TABLE IF NOT EXISTS floor.points (LIKE registry.metric_points INCLUDING ALL)");
  }

  /** Milliseconds of one prepared INSERT of so many points, committed. */
  Samples inserting(int points) {
    return database.connected(
        connection -> {
          try (PreparedStatement insert = prepare(connection)) {
            return repeated(() -> insert(insert, 0, points));
          }
        });
  }

  /** Milliseconds of one COPY of so many points, committed. */
  Samples copying(int points) {
    return database.connected(connection -> repeated(() -> copy(connection, 0, points)));
  }

  /** COPYs of so many points a second by as many connections at once as there are clients. */
  double copiesPerSecond(int clients, int points) {
    return atOnce(clients, (connection, client) -> () -> copy(connection, client, points));
  }

  /** INSERTs of so many points a second, all to the same series. */
  double insertsPerSecond(int clients, int points) {
    return atOnce(
        clients,
        (connection, client) -> {
          PreparedStatement insert = prepare(connection); // closed with its connection
          return () -> insert(insert, 0, points);
        });
  }

  private interface Write {
    void send() throws SQLException;
  }

  private interface Writer {
    Write of(Connection connection, int client) throws SQLException;
  }

  private Samples repeated(Write write) {
    return new Load(1, scale.warmUpSeconds() / 2, scale.seconds() / 3, scale.samples())
        .run(client -> sent(write))
        .milliseconds();
  }

  private double atOnce(int clients, Writer writer) {
    List<Connection> connections = new ArrayList<>();
    try {
      List<Write> writes = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        connections.add(database.connect());
        writes.add(writer.of(connections.getLast(), i));
      }
      return new Load(clients, scale.warmUpSeconds() / 2, scale.seconds() / 3, Integer.MAX_VALUE)
          .run(client -> sent(writes.get(client)))
          .perSecond();
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    } finally {
      connections.forEach(PostgresFloor::close);
    }
  }

  private static Reply sent(Write write) {
    try {
      write.send();
      return DONE;
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  private static PreparedStatement prepare(Connection connection) throws SQLException {
    return connection.prepareStatement(
        "INSERT INTO floor.points (series_id, \"timestamp\", step, value)"
            + " SELECT * FROM unnest(?, ?, ?, ?) ON CONFLICT DO NOTHING");
  }

  private void insert(PreparedStatement insert, int group, int points) throws SQLException {
    Long[] series = new Long[points];
    Long[] stepOf = new Long[points];
    Double[] values = new Double[points];
    long first = steps.getAndAdd(points);
    for (int i = 0; i < points; i++) {
      series[i] = series(group, i);
      stepOf[i] = first + i;
      values[i] = value(first + i);
    }
    Connection connection = insert.getConnection();
    insert.setArray(1, connection.createArrayOf("bigint", series));
    insert.setArray(2, connection.createArrayOf("bigint", stepOf));
    insert.setArray(3, connection.createArrayOf("bigint", stepOf));
    insert.setArray(4, connection.createArrayOf("float8", values));
    insert.executeUpdate();
  }

  private void copy(Connection connection, int group, int points) throws SQLException {
    long first = steps.getAndAdd(points);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < points; i++) {
      long step = first + i;
      rows.append(series(group, i)).append('\t').append(step).append('\t').append(step);
      rows.append('\t').append(value(step)).append('\n');
    }
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY floor.points (series_id, \"timestamp\", step, value) FROM STDIN",
              new StringReader(rows.toString()));
    } catch (IOException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  private static long series(int group, int point) {
    return (long) group * Batches.KEYS + point % Batches.KEYS;
  }

  private static double value(long step) {
    return step % 1_000 / 1e3;
  }
}
