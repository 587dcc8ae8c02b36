package dev.unmask.training.api;

/**
 * The job queue, over all teams.
 *
 * @param queued jobs waiting
 * @param capacity jobs that may wait; one more answers 429
 * @param running jobs that a worker holds
 */
public record QueueView(int queued, int capacity, int running) {}
