package dev.unmask.training.progress;

import dev.unmask.training.job.TrainingJob;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One watcher of one job; used by the feed's thread. */
final class ProgressStream {
  private final UUID jobId;
  private final SseEmitter emitter;
  private long seen;
  private long lastWrite = System.nanoTime();

  ProgressStream(UUID jobId, SseEmitter emitter, long seen) {
    this.jobId = jobId;
    this.emitter = emitter;
    this.seen = seen;
  }

  UUID jobId() {
    return jobId;
  }

  /**
   * Sends the state when it is new, a heartbeat when nothing was sent for long.
   *
   * @return false when the stream is over: the job has ended or the client is gone
   */
  boolean send(TrainingJob job, Duration heartbeat) {
    boolean ended = job.status().ended();
    if (job.progressRevision() <= seen && !ended) {
      return keepAlive(heartbeat);
    }
    seen = job.progressRevision();
    return write(
            SseEmitter.event()
                .id(Long.toString(seen))
                .name("progress")
                .data(job.progress(), MediaType.APPLICATION_JSON))
        && !ended;
  }

  boolean keepAlive(Duration heartbeat) {
    if (System.nanoTime() - lastWrite < heartbeat.toNanos()) {
      return true;
    }
    return write(SseEmitter.event().comment("still here"));
  }

  void close() {
    emitter.complete();
  }

  private boolean write(SseEmitter.SseEventBuilder event) {
    try {
      emitter.send(event);
      lastWrite = System.nanoTime();
      return true;
    } catch (IOException | IllegalStateException gone) {
      return false;
    }
  }
}
