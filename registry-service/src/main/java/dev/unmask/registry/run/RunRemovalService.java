package dev.unmask.registry.run;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.support.security.Caller;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Deleting and restoring runs, which is always recorded. */
@Service
public class RunRemovalService {
  private final RunService runs;
  private final AuditLog audit;

  RunRemovalService(RunService runs, AuditLog audit) {
    this.runs = runs;
    this.audit = audit;
  }

  /** Hides the run; a run that is hidden already stays so. */
  @Transactional
  public void delete(Caller caller, String runId) {
    setActive(caller, runId, false);
  }

  /** Shows a deleted run again. */
  @Transactional
  public void restore(Caller caller, String runId) {
    setActive(caller, runId, true);
  }

  private void setActive(Caller caller, String runId, boolean active) {
    boolean before = runs.get(caller.teamId(), runId).active();
    runs.setActive(caller.teamId(), runId, active);
    audit.record(
        caller,
        new Change(
            active ? "run.restore" : "run.delete", runId, lifecycle(before), lifecycle(active)));
  }

  private static Map<String, String> lifecycle(boolean active) {
    return Map.of("lifecycle", active ? "active" : "deleted");
  }
}
