package dev.unmask.registry.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/**
 * Statements that go to the database together: one round trip whatever their number. Each sees what
 * those before it wrote. Texts come from code, never from callers; the caller owns the transaction.
 */
public final class StatementGroup {
  private final StringJoiner text = new StringJoiner("; ");
  private final List<Object> parameters = new ArrayList<>();
  private final List<IntConsumer> changes = new ArrayList<>();

  /** Adds a statement that returns no rows. */
  public void add(String statement, Object... values) {
    addCounted(changed -> {}, statement, values);
  }

  /**
   * Adds a statement that returns no rows.
   *
   * @param changed is told how many rows the statement changed, before the transaction ends
   */
  public void addCounted(IntConsumer changed, String statement, Object... values) {
    text.add(statement);
    Collections.addAll(parameters, values);
    changes.add(changed);
  }

  /** Runs the statements in the order in which they were added; none at all is fine. */
  public void run(JdbcTemplate jdbc) {
    if (!changes.isEmpty()) {
      jdbc.execute(text.toString(), (PreparedStatementCallback<@Nullable Void>) this::run);
    }
  }

  private @Nullable Void run(PreparedStatement statement) throws SQLException {
    new ArgumentPreparedStatementSetter(parameters.toArray()).setValues(statement);
    statement.execute();
    for (IntConsumer changed : changes) {
      changed.accept(statement.getUpdateCount());
      statement.getMoreResults();
    }
    return null;
  }
}
