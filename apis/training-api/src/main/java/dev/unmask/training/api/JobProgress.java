package dev.unmask.training.api;

import org.jspecify.annotations.Nullable;

/**
 * Where a job stands; fields that mean nothing yet are null.
 *
 * @param step the Batch step that runs, or ran last
 * @param phase number of the training phase, from 1
 * @param method the phase's method, for instance {@code ar}
 * @param optimizerStep completed optimizer steps over all phases
 * @param totalSteps optimizer steps of the whole plan
 * @param loss training loss of the last optimizer step, nats per token
 * @param validation last validation loss, nats per token
 * @param bitsPerByte the same per byte of text
 * @param tokensPerSecond training speed over the last steps
 * @param secondsLeft estimate until the last optimizer step is done
 * @param percent 0 to 100 over the whole job
 * @param detail what the job waits for, why it failed, or what else there is to know
 */
public record JobProgress(
    String jobId,
    JobStatus status,
    @Nullable JobStep step,
    @Nullable Integer phase,
    @Nullable String method,
    long optimizerStep,
    @Nullable Long totalSteps,
    @Nullable Double loss,
    @Nullable Double validation,
    @Nullable Double bitsPerByte,
    @Nullable Double tokensPerSecond,
    @Nullable Double secondsLeft,
    double percent,
    @Nullable String detail) {}
