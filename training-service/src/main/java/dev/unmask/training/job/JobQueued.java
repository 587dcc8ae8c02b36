package dev.unmask.training.job;

import java.util.UUID;

/** A job waits in the queue; an idle worker need not wait for its next look. */
public record JobQueued(UUID jobId) {}
