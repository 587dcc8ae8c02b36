package dev.unmask.registry.database;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Tells failures that pass from failures that don't. The frameworks wrap a lost connection in many
 * ways, depending on the moment it is lost in; the SQL state below them is always the same.
 */
public final class DatabaseOutage {
  /** SQL state classes: connection, resources, operator intervention, system error. */
  private static final Set<String> STATES = Set.of("08", "53", "57", "58");

  /** Somebody else held a lock for too long; the others of its class don't pass. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** What callers are told, with a 503 and {@code Retry-After}. */
  public static final String MESSAGE = "the registry's database is busy or away, try again";

  private DatabaseOutage() {}

  /** Whether the request may well succeed when it is repeated. */
  public static boolean causes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CannotCreateTransactionException
          || cause instanceof DataAccessResourceFailureException
          || cause instanceof TransientDataAccessException
          || (cause instanceof TransactionSystemException end && isOutage(end))
          || (cause instanceof SQLException sql && isOutage(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** What made a transaction fail stands beside the failure to roll it back, not below it. */
  private static boolean isOutage(TransactionSystemException end) {
    Throwable before = end.getApplicationException();
    return before != null && causes(before);
  }

  private static boolean isOutage(@Nullable String state) {
    return LOCK_NOT_AVAILABLE.equals(state)
        || (state != null && state.length() == 5 && STATES.contains(state.substring(0, 2)));
  }
}
