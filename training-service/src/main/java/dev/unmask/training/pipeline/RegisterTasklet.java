package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobStep;
import dev.unmask.training.api.SubmitJob.RegisterSpec;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.job.TrainingJobRepository;
import dev.unmask.training.tracking.ModelRegistration;
import dev.unmask.training.tracking.RunTrackingService;
import java.util.Objects;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/**
 * Batch step {@code register}: the exported model becomes a version in the registry. It first lets
 * the buffer empty, so that the run is complete when its model appears.
 */
@Component
class RegisterTasklet implements Tasklet {
  private final CurrentJob current;
  private final TrainingJobRepository jobs;
  private final RunTrackingService tracking;
  private final ModelRegistration registration;
  private final RegistryPatience patience;

  RegisterTasklet(
      CurrentJob current,
      TrainingJobRepository jobs,
      RunTrackingService tracking,
      ModelRegistration registration,
      RegistryPatience patience) {
    this.current = current;
    this.jobs = jobs;
    this.tracking = tracking;
    this.registration = registration;
    this.patience = patience;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    RunningJob running = current.get();
    running.check();
    ProgressReport report = new ProgressReport(jobs, running);
    report.step(JobStep.REGISTER, ProgressReport.Percent.REGISTER);
    patience.until(running, report, () -> told(running, report));
    TrainingJob job = jobs.find(running.id()).orElseThrow();
    if (job.tracked().runId() == null) {
      throw new JobFailedException(
          "REGISTRY_REFUSED",
          "the registry refused to create the job's run; the logs say why",
          "submit the job again with another experiment");
    }
    RegisterSpec register = Objects.requireNonNull(job.spec().register());
    String model = Objects.requireNonNull(register.model());
    patience.until(
        running,
        report,
        () -> {
          ModelRegistration.Registered registered =
              registration.register(job, model, register.alias(), running.files().model());
          jobs.saveVersion(job.id(), registered.version());
          conclude(running, report, registered);
          return true;
        });
    return RepeatStatus.FINISHED;
  }

  private void conclude(
      RunningJob running, ProgressReport report, ModelRegistration.Registered registered) {
    String refused = registered.aliasRefused();
    if (refused == null) {
      report.step(JobStep.REGISTER, ProgressReport.Percent.REGISTER); // nothing is waited for
    } else {
      report.note("registered as version " + registered.version() + "; " + refused);
      tracking.tag(running.id(), "unmask.alias_refused", refused);
    }
  }

  private boolean told(RunningJob running, ProgressReport report) {
    boolean told = tracking.told(running.id());
    if (!told) {
      report.waiting("waiting for the registry to take the run's metrics");
    }
    return told;
  }
}
