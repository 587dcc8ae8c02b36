package dev.unmask.training.job;

import java.util.UUID;

/** Someone asked a running job to stop; the worker that runs it need not wait for its heartbeat. */
public record StopRequested(UUID jobId) {}
