package dev.unmask.registry.loggedmodel;

/** How far the upload of a logged model's files has come, as its client says. */
public enum LoggedModelStatus {
  PENDING,
  READY,
  FAILED
}
