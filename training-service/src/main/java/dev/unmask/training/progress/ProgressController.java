package dev.unmask.training.progress;

import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import dev.unmask.training.job.JobService;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Live progress of one job as server-sent events. */
@RestController
class ProgressController {
  private final JobService jobs;
  private final ProgressFeed feed;

  ProgressController(JobService jobs, ProgressFeed feed) {
    this.jobs = jobs;
    this.feed = feed;
  }

  @GetMapping(
      path = "/api/v1/training/jobs/{id}/events",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_PROBLEM_JSON_VALUE})
  @RequiresRole(Role.VIEWER)
  SseEmitter events(
      Caller caller,
      @PathVariable("id") String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last) {
    return feed.watch(jobs.get(caller.teamId(), id), revision(last));
  }

  /** An id that is none of ours means that nothing was seen. */
  private static long revision(@Nullable String last) {
    return last != null && last.matches("[0-9]{1,18}") ? Long.parseLong(last) : -1;
  }
}
