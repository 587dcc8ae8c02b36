package dev.unmask.registry.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionSystemException;

class DatabaseOutageTest {
  private static final SQLException LOST = new SQLException("terminated", "57P01");
  private static final SQLException WRONG = new SQLException("duplicate", "23505");

  @Test
  void tellsALostConnectionFromAFaultOfTheStatement() {
    assertThat(DatabaseOutage.causes(new IllegalStateException(LOST))).isTrue();
    assertThat(DatabaseOutage.causes(new DuplicateKeyException("twice", WRONG))).isFalse();
  }

  @Test
  void looksAtWhatFailedBeforeTheRollbackFailedToo() {
    assertThat(DatabaseOutage.causes(rollbackFailedAfter(new IllegalStateException(LOST))))
        .isTrue();
    assertThat(
            DatabaseOutage.causes(
                rollbackFailedAfter(new DataIntegrityViolationException("twice", WRONG))))
        .isFalse();
    assertThat(DatabaseOutage.causes(new TransactionSystemException("commit failed"))).isFalse();
  }

  private static TransactionSystemException rollbackFailedAfter(Throwable failure) {
    TransactionSystemException rollback =
        new TransactionSystemException("rollback failed", new SQLException("Connection is closed"));
    rollback.initApplicationException(failure);
    return rollback;
  }
}
