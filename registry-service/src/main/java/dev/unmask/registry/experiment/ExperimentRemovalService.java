package dev.unmask.registry.experiment;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.support.security.Caller;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Deleting and restoring experiments, which is always recorded. */
@Service
public class ExperimentRemovalService {
  private static final Map<String, String> ACTIVE = Map.of("lifecycle", "active");
  private static final Map<String, String> DELETED = Map.of("lifecycle", "deleted");

  private final ExperimentService experiments;
  private final AuditLog audit;

  ExperimentRemovalService(ExperimentService experiments, AuditLog audit) {
    this.experiments = experiments;
    this.audit = audit;
  }

  /** Hides the experiment and its runs. */
  @Transactional
  public void delete(Caller caller, long number) {
    experiments.setActive(caller.teamId(), number, false);
    audit.record(caller, new Change("experiment.delete", Long.toString(number), ACTIVE, DELETED));
  }

  /** Shows a deleted experiment and its runs again. */
  @Transactional
  public void restore(Caller caller, long number) {
    experiments.setActive(caller.teamId(), number, true);
    audit.record(caller, new Change("experiment.restore", Long.toString(number), DELETED, ACTIVE));
  }
}
