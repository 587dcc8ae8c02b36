package dev.unmask.training.job;

import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.QueueView;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * The routes of {@link dev.unmask.training.api.JobsApi}, with the caller added; a spec arrives as a
 * tree, because all its faults are told at once.
 */
@RestController
@RequestMapping("/api/v1/training/jobs")
class JobController {
  private final JobService jobs;

  JobController(JobService jobs) {
    this.jobs = jobs;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequiresRole(Role.MEMBER)
  JobView submit(Caller caller, @RequestBody JsonNode spec) {
    return jobs.submit(caller, spec).view();
  }

  @GetMapping
  @RequiresRole(Role.VIEWER)
  List<JobView> list(Caller caller) {
    return jobs.list(caller.teamId()).stream().map(TrainingJob::view).toList();
  }

  @GetMapping("/{id}")
  @RequiresRole(Role.VIEWER)
  JobView get(Caller caller, @PathVariable("id") String id) {
    return jobs.get(caller.teamId(), id).view();
  }

  @PostMapping("/{id}/stop")
  @RequiresRole(Role.MEMBER)
  JobView stop(Caller caller, @PathVariable("id") String id) {
    return jobs.stop(caller.teamId(), id).view();
  }

  @PostMapping("/{id}/resume")
  @RequiresRole(Role.MEMBER)
  JobView resume(Caller caller, @PathVariable("id") String id) {
    return jobs.resume(caller.teamId(), id).view();
  }

  @PostMapping("/{id}/clone")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequiresRole(Role.MEMBER)
  JobView repeat(Caller caller, @PathVariable("id") String id) {
    return jobs.repeat(caller, id).view();
  }

  @GetMapping("/queue")
  @RequiresRole(Role.VIEWER)
  QueueView queue() {
    return jobs.queue();
  }
}
