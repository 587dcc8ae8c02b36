package dev.unmask.training.api;

/** Life of a job; STOPPED and FAILED can be resumed, COMPLETED is final. */
public enum JobStatus {
  QUEUED,
  RUNNING,
  /** Asked to stop, the current optimizer step is still running. */
  STOPPING,
  STOPPED,
  FAILED,
  COMPLETED;

  /** Whether nothing more happens to the job unless someone resumes it. */
  public boolean ended() {
    return this == STOPPED || this == FAILED || this == COMPLETED;
  }
}
