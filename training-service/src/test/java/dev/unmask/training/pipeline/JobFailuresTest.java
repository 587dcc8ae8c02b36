package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionSystemException;

class JobFailuresTest {
  @Test
  void tellsALostDatabaseFromAFaultOfTheJob() {
    assertThat(
            JobFailures.databaseAway(
                List.of(new IllegalStateException(new SQLException("gone", "57P01")))))
        .isTrue();
    assertThat(
            JobFailures.databaseAway(List.of(new DataAccessResourceFailureException("no socket"))))
        .isTrue();
    assertThat(JobFailures.databaseAway(List.of(new DuplicateKeyException("twice")))).isFalse();
  }

  @Test
  void takesARollbackOnALostConnectionForALostDatabase() {
    var rollback =
        new TransactionSystemException(
            "JDBC rollback failed", new SQLException("Connection is closed"));

    assertThat(JobFailures.databaseAway(List.of(rollback))).isTrue();
  }

  @Test
  void showsNothingOfAnInternalFault() {
    assertThat(JobFailures.describe(List.of(new IllegalStateException("secret path"))).detail())
        .doesNotContain("secret");
  }

  @Test
  void findsTheReasonBehindWrappings() {
    JobFailedException reason = new JobFailedException("CODE", "what", "do this");

    assertThat(JobFailures.describe(List.of(new RuntimeException(reason))).remedy())
        .isEqualTo("do this");
  }
}
