package dev.unmask.registry.database;

import java.sql.SQLException;

/**
 * Texts that PostgreSQL can't hold: those with the character NUL. Fields are checked where they are
 * read; this is the answer for one that was not, which is the caller's fault and not ours.
 */
final class UnstorableText {
  /** The SQL state "character not in repertoire". */
  private static final String STATE = "22021";

  static final String MESSAGE = "a text of the request holds a character that cannot be stored";

  private UnstorableText() {}

  static boolean causes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && STATE.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
