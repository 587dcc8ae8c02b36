package dev.unmask.registry.experiment;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.support.security.Caller;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Deleting and restoring experiments, which is always recorded. */
@Service
public class ExperimentRemovalService {
  private static final Map<String, String> ACTIVE = Map.of("lifecycle", "active");
  private static final Map<String, String> DELETED = Map.of("lifecycle", "deleted");

  private final ExperimentService experiments;
  private final AuditLog audit;
  private final TransactionTemplate transaction;

  ExperimentRemovalService(
      ExperimentService experiments, AuditLog audit, TransactionTemplate transaction) {
    this.experiments = experiments;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** Hides the experiment and its runs. */
  public void delete(Caller caller, long number) {
    setActive(caller, number, false);
  }

  /** Shows a deleted experiment and its runs again. */
  public void restore(Caller caller, long number) {
    setActive(caller, number, true);
  }

  private void setActive(Caller caller, long number, boolean active) {
    transaction.executeWithoutResult(
        status -> {
          experiments.setActive(caller.teamId(), number, active);
          audit.record(
              caller,
              new Change(
                  active ? "experiment.restore" : "experiment.delete",
                  Long.toString(number),
                  active ? DELETED : ACTIVE,
                  active ? ACTIVE : DELETED));
        });
    experiments.letRunsFollow(caller.teamId(), number, active);
  }
}
