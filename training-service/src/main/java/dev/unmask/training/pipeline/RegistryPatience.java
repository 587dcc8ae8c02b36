package dev.unmask.training.pipeline;

import dev.unmask.training.tracking.RegistryFault;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.stereotype.Component;

/**
 * Repeats a call to the registry while it is away, visibly and until the job is stopped; what it
 * refuses ends the job.
 */
@Component
class RegistryPatience {
  private static final Logger log = LoggerFactory.getLogger(RegistryPatience.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /**
   * @param call answers whether it is done; one that is not is repeated like one that failed
   */
  void until(RunningJob running, ProgressReport report, BooleanSupplier call)
      throws JobInterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!attempt(report, call)) {
      running.pause(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
  }

  private static boolean attempt(ProgressReport report, BooleanSupplier call) {
    try {
      return call.getAsBoolean();
    } catch (RuntimeException failure) {
      switch (RegistryFault.of(failure)) {
        case RegistryFault.Away away -> {
          log.info("waiting: {}", away.detail());
          report.waiting("waiting for the registry: " + away.detail());
          return false;
        }
        case RegistryFault.Refused refused ->
            throw new JobFailedException(
                "REGISTRY_REFUSED",
                refused.detail(),
                "correct what the registry names, then resume the job: its model is kept");
      }
    }
  }
}
