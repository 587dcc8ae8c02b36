package dev.unmask.registry.experiment;

/** Which part of the life cycle a search sees. */
public enum ExperimentView {
  ACTIVE_ONLY,
  DELETED_ONLY,
  ALL
}
