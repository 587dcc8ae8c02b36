package dev.unmask.benchmarks.registry;

import com.google.gson.JsonParser;
import dev.unmask.benchmarks.Samples;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The registry's PostgreSQL, asked directly. Statements are this package's own texts. */
record Database(String url, String user, String password) {

  /** Without the password. */
  @Override
  public String toString() {
    return url + " as " + user;
  }

  /** Something done with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  <T> T connected(Work<T> work) {
    try (Connection connection = connect()) {
      return work.with(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  /** A connection of its own, to be closed by the caller; each statement is a transaction. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  /** Rows that were changed. */
  int update(String sql) {
    return connected(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
          }
        });
  }

  /** The first column of all rows. */
  List<Long> numbers(String sql) {
    return connected(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            List<Long> found = new ArrayList<>();
            while (rows.next()) {
              found.add(rows.getLong(1));
            }
            return found;
          }
        });
  }

  long number(String sql) {
    return numbers(sql).getFirst();
  }

  String text(String sql) {
    return connected(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
          }
        });
  }

  boolean hasColumn(String table, String column) {
    return connected(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT 1 FROM information_schema.columns WHERE table_schema = 'registry'"
                      + " AND table_name = ? AND column_name = ?")) {
            statement.setString(1, table);
            statement.setString(2, column);
            try (ResultSet row = statement.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /**
   * Milliseconds that PostgreSQL needs to execute a query, as EXPLAIN ANALYZE tells: without
   * planning and without sending the rows. The first time does not count.
   */
  Samples executing(String query, int repeats) {
    return connected(
        connection -> {
          double[] milliseconds = new double[repeats];
          try (Statement statement = connection.createStatement()) {
            for (int i = -1; i < repeats; i++) {
              double value = execution(statement, query);
              if (i >= 0) {
                milliseconds[i] = value;
              }
            }
          }
          return Samples.of(milliseconds);
        });
  }

  private static double execution(Statement statement, String query) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + query)) {
      row.next();
      return JsonParser.parseString(row.getString(1))
          .getAsJsonArray()
          .get(0)
          .getAsJsonObject()
          .get("Execution Time")
          .getAsDouble();
    }
  }
}
