package dev.unmask.registry.run;

/**
 * A run came to its end; told in the transaction of that.
 *
 * @param status FINISHED, FAILED or KILLED
 */
public record RunEnded(String teamId, String runId, String name, RunStatus status) {}
