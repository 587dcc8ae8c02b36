package dev.unmask.inference.api;

/** Where a deployment stands. */
public enum DeploymentStatus {
  /** Files are fetched, verified or read into memory. */
  LOADING,
  /** Takes requests. */
  READY,
  /** Cannot take requests; the detail says why. */
  FAILED
}
