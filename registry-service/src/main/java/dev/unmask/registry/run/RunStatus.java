package dev.unmask.registry.run;

/** What a run says of itself. */
public enum RunStatus {
  RUNNING,
  SCHEDULED,
  FINISHED,
  FAILED,
  KILLED
}
