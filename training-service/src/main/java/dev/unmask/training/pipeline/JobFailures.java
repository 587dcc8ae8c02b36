package dev.unmask.training.pipeline;

import dev.unmask.lm.corpus.InvalidCorpusException;
import dev.unmask.lm.packing.CorpusTooSmallException;
import dev.unmask.lm.trainer.TrainingDivergedException;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.training.api.JobView.Failure;
import dev.unmask.training.tracking.DamagedModelException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Tells a job's owner why it failed, and the worker whether it failed at all. */
final class JobFailures {
  private JobFailures() {}

  /**
   * Whether the database went away under a running job: then nothing is known to be wrong with the
   * job, and it goes on once the database is back.
   */
  static boolean databaseAway(List<Throwable> failures) {
    return failures.stream().anyMatch(JobFailures::databaseAway);
  }

  private static boolean databaseAway(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && connectionLost(sql)) {
        return true;
      }
      if (cause instanceof DataAccessResourceFailureException
          || cause instanceof TransactionSystemException // a rollback on a lost connection
          || cause instanceof CannotCreateTransactionException) {
        return true;
      }
    }
    return false;
  }

  /** Class 08: connection exceptions; 57P: the server shuts down or starts up. */
  private static boolean connectionLost(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof java.sql.SQLTransientConnectionException
        || (state != null && (state.startsWith("08") || state.startsWith("57P")));
  }

  static Failure describe(List<Throwable> failures) {
    for (Throwable failure : failures) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        Failure known = known(cause);
        if (known != null) {
          return known;
        }
      }
    }
    return new Failure(
        ErrorCode.INTERNAL.name(),
        "internal fault; the job id finds it in the logs",
        "resume the job: it goes on from its last checkpoint");
  }

  private static @Nullable Failure known(Throwable cause) {
    return switch (cause) {
      case JobFailedException own -> new Failure(own.code(), detail(own), own.remedy());
      case InvalidCorpusException corpus ->
          new Failure("CORPUS_NOT_TEXT", detail(corpus), "upload a corrected corpus");
      case CorpusTooSmallException small ->
          new Failure(
              "CORPUS_TOO_SMALL",
              detail(small),
              "upload more text, or choose a smaller model.contextLength");
      case TrainingDivergedException diverged ->
          new Failure(
              "TRAINING_DIVERGED",
              detail(diverged),
              "submit the job again with a smaller optimizer.learningRate or more warmupSteps");
      case DamagedModelException damaged ->
          new Failure(
              ErrorCode.MODEL_FILES_DAMAGED.name(),
              detail(damaged),
              "start from another version of the model");
      case UnmaskException told ->
          new Failure(told.code().name(), told.detail(), "correct the cause, then resume the job");
      case OutOfMemoryError memory ->
          new Failure(
              "OUT_OF_MEMORY",
              "the process ran out of memory",
              "choose a smaller batchSize or model, or give the process more memory");
      default -> null;
    };
  }

  private static String detail(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
