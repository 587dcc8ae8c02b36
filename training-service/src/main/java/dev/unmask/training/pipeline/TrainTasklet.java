package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobStep;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.job.TrainingJobRepository;
import dev.unmask.training.tracking.RunTrackingService;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/**
 * Batch step {@code train}. One call is one chunk: optimizer steps up to the next multiple of
 * {@code checkpointEverySteps}, then the checkpoint, then Batch commits. Training goes on from the
 * checkpoint, whatever Batch's context says: a crash between the two loses nothing. A stop ends the
 * chunk after the current optimizer step.
 */
@Component
class TrainTasklet implements Tasklet, StepExecutionListener {
  private static final Logger log = LoggerFactory.getLogger(TrainTasklet.class);

  private final CurrentJob current;
  private final TrainingJobRepository jobs;
  private final TrainingEngine engine;
  private final TrainProperties properties;
  private final Reporting reporting;
  private @Nullable Chunks chunks;

  /** Where a chunk is told. */
  @Component
  record Reporting(
      RunTrackingService tracking,
      RunTelling telling,
      TrainingMeters meters,
      JobHeartbeat heartbeat) {}

  TrainTasklet(
      CurrentJob current,
      TrainingJobRepository jobs,
      TrainingEngine engine,
      TrainProperties properties,
      Reporting reporting) {
    this.current = current;
    this.jobs = jobs;
    this.engine = engine;
    this.properties = properties;
    this.reporting = reporting;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    if (chunks == null) {
      chunks = open(current.get());
    }
    boolean finished = chunks.run();
    StepExecution step = chunk.getStepContext().getStepExecution();
    step.getExecutionContext().putLong("optimizerStep", chunks.optimizerStep());
    if (!finished && current.get().stopping()) {
      step.setTerminateOnly();
    }
    return RepeatStatus.continueIf(!finished);
  }

  private Chunks open(RunningJob running) throws Exception {
    running.check();
    ProgressReport report = new ProgressReport(jobs, running);
    report.step(JobStep.TRAIN, ProgressReport.Percent.TRAIN);
    List<Integer> steps = plan(running);
    TrainingSession session = engine.open(running.job().spec(), steps, running.files());
    if (!Files.exists(running.files().checkpoint())) {
      // What precision "auto" picked must hold even if the process dies before the first chunk
      // ends.
      session.checkpoint(running.files().checkpoint());
    }
    log.info("training from optimizer step {} of {}", session.optimizerStep(), steps);
    reporting.tracking().tag(running.id(), "unmask.precision", session.precision());
    if (session.examplesLeftOut() > 0) {
      String count = Integer.toString(session.examplesLeftOut());
      reporting.tracking().tag(running.id(), "unmask.examples_left_out", count);
    }
    return new Chunks(running, session, steps, report);
  }

  /** Fixed once: a resumed job trains the same number of steps, so its losses are the same. */
  private List<Integer> plan(RunningJob running) {
    TrainingJob job = jobs.find(running.id()).orElseThrow();
    List<Integer> known = job.phaseSteps();
    if (known != null) {
      return known;
    }
    List<Integer> steps =
        StepBudget.steps(
            job.spec(), phase -> engine.millisPerStep(job.spec(), running.files(), phase));
    jobs.savePhaseSteps(job.id(), steps);
    return Objects.requireNonNull(jobs.find(job.id()).orElseThrow().phaseSteps());
  }

  @Override
  public @Nullable ExitStatus afterStep(StepExecution step) {
    if (chunks != null) {
      chunks.session.close();
      chunks = null;
    }
    return null;
  }

  /** The chunks of one execution. */
  private final class Chunks {
    private final RunningJob running;
    private final TrainingSession session;
    private final ProgressReport report;
    private final StepMetrics metrics;
    private final TrainingPace pace;
    private final SamplingBudget budget = new SamplingBudget();
    private final int every;

    Chunks(
        RunningJob running, TrainingSession session, List<Integer> steps, ProgressReport report) {
      this.running = running;
      this.session = session;
      this.report = report;
      this.metrics = new StepMetrics(reporting.tracking(), running.job());
      this.pace = new TrainingPace(steps);
      SubmitJob spec = running.job().spec();
      this.every = Objects.requireNonNull(spec.checkpointEverySteps());
    }

    long optimizerStep() {
      return session.optimizerStep();
    }

    /**
     * @return whether training is finished
     */
    boolean run() {
      int phase = session.phase();
      while (!session.finished() && !running.stopping()) {
        step();
        if (session.optimizerStep() % every == 0) {
          break;
        }
      }
      metrics.flush();
      report.save();
      if (reporting.heartbeat().renew(running)) {
        session.checkpoint(running.files().checkpoint());
      }
      validateWhenDue(phase);
      return session.finished();
    }

    private void step() {
      TrainingSession.Outcome outcome = session.step();
      if (!Double.isFinite(outcome.loss()) || !Double.isFinite(outcome.gradientNorm())) {
        throw new JobFailedException(
            "TRAINING_DIVERGED",
            "the loss of optimizer step " + outcome.step() + " is " + outcome.loss(),
            "submit the job again with a smaller optimizer.learningRate or more warmupSteps");
      }
      pace.add(outcome);
      budget.trained(outcome.milliseconds());
      reporting.meters().step(outcome);
      metrics.add(outcome);
      report.trained(outcome, pace.total(), pace.tokensPerSecond(), pace.secondsLeft(outcome));
    }

    private void validateWhenDue(int phaseBefore) {
      long chunk = session.optimizerStep() / every;
      boolean atBoundary = session.optimizerStep() % every == 0;
      boolean due =
          session.phase() != phaseBefore
              || (atBoundary && chunk % properties.validateEveryCheckpoints() == 0);
      if (due && !session.finished() && !running.stopping()) {
        TrainingSession.Validation validation = session.validate(properties.validationSequences());
        report.validated(validation);
        reporting.telling().validated(running.id(), validation, session.optimizerStep());
        sampleWhenCheap();
      }
    }

    private void sampleWhenCheap() {
      if (budget.allows()) {
        long start = System.nanoTime();
        reporting.telling().sample(running, session);
        budget.spent((System.nanoTime() - start) / 1e6);
      }
    }
  }
}
