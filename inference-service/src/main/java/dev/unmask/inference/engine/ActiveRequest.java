package dev.unmask.inference.engine;

import dev.unmask.inference.engine.RequestScheduler.Ticket;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.FinishReason;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An accepted request on its way through the engine. Engine thread only, except for cancelling. */
final class ActiveRequest {
  final Ticket ticket;
  final EngineRequest request;
  private final EngineMetrics metrics;
  private final long acceptedAt = System.nanoTime();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private @Nullable Denoising denoising;
  private long startedAt;
  private int steps;
  private boolean firstTokenSeen;

  ActiveRequest(Ticket ticket, EngineRequest request, EngineMetrics metrics) {
    this.ticket = ticket;
    this.request = request;
    this.metrics = metrics;
  }

  /** Takes effect at the next denoising step. */
  void cancel() {
    cancelled.set(true);
  }

  boolean isCancelled() {
    return cancelled.get();
  }

  /**
   * One denoising step; the first one allocates what the request needs.
   *
   * @return true when the request needs no further step and its listener knows
   */
  boolean step() {
    Denoising current = denoising;
    if (current == null) {
      startedAt = System.nanoTime();
      metrics.started(Duration.ofNanos(startedAt - acceptedAt));
      current = request.model().start(request.canvas(), request.settings(), request.sequence());
      denoising = current;
    }
    long before = System.nanoTime();
    DenoisingStep done = current.step();
    metrics.stepped(Duration.ofNanos(System.nanoTime() - before));
    steps++;
    noteFirstToken(current.committedPrefix());
    request.listener().denoised(done, current.tokens(), current.committedText());
    if (!current.finished()) {
      return false;
    }
    finish(current);
    return true;
  }

  void fail(UnmaskException reason) {
    release();
    request.listener().failed(reason);
  }

  void fail(Throwable cause) {
    fail(
        cause instanceof DecodeSettingException refused
            ? RefusedSetting.of(refused)
            : new UnmaskException(
                ErrorCode.INTERNAL, "internal fault; the request id finds it in the logs", cause));
  }

  void endCancelled() {
    release();
    request.listener().cancelled();
  }

  private void noteFirstToken(int committedPrefix) {
    if (!firstTokenSeen && committedPrefix > 0) {
      firstTokenSeen = true;
      metrics.firstToken(Duration.ofNanos(System.nanoTime() - acceptedAt));
    }
  }

  private void finish(Denoising current) {
    GenerationReport report =
        new GenerationReport(
            current.finishReason().orElse(FinishReason.LENGTH),
            current.committedPrefix(),
            current.report(),
            steps,
            Duration.ofNanos(startedAt - acceptedAt),
            Duration.ofNanos(System.nanoTime() - startedAt));
    release();
    request.listener().finished(report);
  }

  private void release() {
    Denoising current = denoising;
    denoising = null;
    if (current != null) {
      metrics.ended(current.report());
      current.close();
    }
  }
}
