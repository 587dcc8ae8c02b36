package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobStep;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.job.TrainingJobRepository;
import java.util.Objects;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/** Batch step {@code evaluate}: loss on text that training never saw. */
@Component
class EvaluateTasklet implements Tasklet {
  private final CurrentJob current;
  private final TrainingJobRepository jobs;
  private final TrainingEngine engine;
  private final RunTelling telling;
  private final TrainProperties properties;

  EvaluateTasklet(
      CurrentJob current,
      TrainingJobRepository jobs,
      TrainingEngine engine,
      RunTelling telling,
      TrainProperties properties) {
    this.current = current;
    this.jobs = jobs;
    this.engine = engine;
    this.telling = telling;
    this.properties = properties;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    RunningJob running = current.get();
    running.check();
    ProgressReport report = new ProgressReport(jobs, running);
    report.step(JobStep.EVALUATE, ProgressReport.Percent.EVALUATE);
    TrainingJob job = jobs.find(running.id()).orElseThrow();
    try (TrainingSession session =
        engine.open(job.spec(), Objects.requireNonNull(job.phaseSteps()), running.files())) {
      TrainingSession.Validation validation =
          session.validate(properties.finalValidationSequences());
      report.validated(validation);
      telling.validated(running.id(), validation, session.optimizerStep());
      telling.sample(running, session);
      running.files().make(running.files().model(), session::export);
    }
    running.check();
    return RepeatStatus.FINISHED;
  }
}
