package dev.unmask.registry.run;

/** Which part of the life cycle a search sees. */
public enum RunView {
  ACTIVE_ONLY,
  DELETED_ONLY,
  ALL
}
