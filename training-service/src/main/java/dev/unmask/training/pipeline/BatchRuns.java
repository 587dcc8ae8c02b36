package dev.unmask.training.pipeline;

import java.util.UUID;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.stereotype.Component;

/** Starts or restarts the Batch job of a training job, in the calling thread. */
@Component
class BatchRuns {
  static final String JOB_ID = "job";

  private final JobOperator operator;
  private final JobRepository executions;
  private final Job job;

  BatchRuns(JobOperator operator, JobRepository executions, Job trainingJob) {
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
    if (last.getStatus().isRunning() || last.getStatus() == BatchStatus.UNKNOWN) {
      last = operator.recover(last);
    }
    return last.getStatus() == BatchStatus.COMPLETED ? last : operator.restart(last);
  }
}
