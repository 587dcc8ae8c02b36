package dev.unmask.training.pipeline;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.UUID;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;

/** Starts or restarts the Batch job of a training job, in the calling thread. */
@Component
class BatchRuns {
  static final String JOB_ID = "job";

  private final JobOperator operator;
  private final JobRepository executions;
  private final Job job;
  private final Clock clock;

  BatchRuns(JobOperator operator, JobRepository executions, Job trainingJob, Clock clock) {
    this.clock = clock;
    this.operator = operator;
    this.executions = executions;
    this.job = trainingJob;
  }

  /**
   * Runs until the job completes, fails or is stopped. Only the worker that holds the lease calls
   * this, so an execution that says it runs is one whose process died: it is recovered first.
   */
  JobExecution run(UUID id) throws JobExecutionException {
    JobParameters parameters =
        new JobParametersBuilder().addString(JOB_ID, id.toString()).toJobParameters();
    if (executions.getJobInstance(job.getName(), parameters) == null) {
      return operator.start(job, parameters);
    }
    JobExecution last = executions.getLastJobExecution(job.getName(), parameters);
    if (last == null) {
      return operator.start(job, parameters);
    }
    if (last.getStatus().isRunning()) {
      last = operator.recover(last);
    }
    mend(last);
    return last.getStatus() == BatchStatus.COMPLETED ? last : operator.restart(last);
  }

  /**
   * What {@code recover} leaves alone: a database that goes away while an execution ends leaves it
   * UNKNOWN, which Batch never restarts. The checkpoint on disk decides where training goes on, so
   * there is nothing to doubt.
   */
  private void mend(JobExecution last) {
    for (StepExecution step : last.getStepExecutions()) {
      if (inDoubt(step.getStatus())) {
        step.setStatus(BatchStatus.FAILED);
        step.setEndTime(LocalDateTime.now(clock));
        executions.update(step);
      }
    }
    if (inDoubt(last.getStatus())) {
      last.setStatus(BatchStatus.FAILED);
      last.setEndTime(LocalDateTime.now(clock));
      executions.update(last);
    }
  }

  private static boolean inDoubt(BatchStatus status) {
    return status.isRunning() || status == BatchStatus.UNKNOWN;
  }
}
