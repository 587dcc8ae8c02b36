package dev.unmask.training.api;

import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Training jobs of a team. {@code GET /{id}/events} is a stream of server-sent events and therefore
 * not modelled here: {@code event: progress} with a {@link JobProgress} as data, first the current
 * state, then every change, closed after COMPLETED, FAILED or STOPPED.
 */
@HttpExchange("/api/v1/training/jobs")
public interface JobsApi {
  /**
   * Queues a job (202). Faults: 400 SPEC_INVALID with every wrong field, 404 CORPUS_NOT_FOUND, 429
   * QUEUE_FULL with Retry-After.
   */
  @PostExchange
  JobView submit(@RequestBody SubmitJob spec);

  /** The team's jobs, newest first. */
  @GetExchange
  List<JobView> list();

  @GetExchange("/{id}")
  JobView get(@PathVariable("id") String id);

  /**
   * Stops after the current optimizer step, with a checkpoint; a finished job answers 409
   * TRAINING_JOB_STATE.
   */
  @PostExchange("/{id}/stop")
  JobView stop(@PathVariable("id") String id);

  /** Queues a stopped or failed job again; it goes on from its last checkpoint. */
  @PostExchange("/{id}/resume")
  JobView resume(@PathVariable("id") String id);

  /**
   * Queues the same spec as a new job (202): same seed, same text. 409 CONFLICT when the corpus of
   * that name holds another text by now.
   */
  @PostExchange("/{id}/clone")
  JobView repeat(@PathVariable("id") String id);

  @GetExchange("/queue")
  QueueView queue();
}
