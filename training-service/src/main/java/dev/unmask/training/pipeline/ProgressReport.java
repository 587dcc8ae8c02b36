package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobProgress;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobStep;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.job.TrainingJobRepository;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Progress of the running job, built up over its steps and saved at most once a second. */
final class ProgressReport {
  private static final long NANOS_BETWEEN_SAVES = 1_000_000_000L;

  private final TrainingJobRepository jobs;
  private final List<PhaseSpec> phases;
  private JobProgress progress;
  private long lastSave;

  ProgressReport(TrainingJobRepository jobs, RunningJob running) {
    this.jobs = jobs;
    this.phases = Objects.requireNonNull(running.job().spec().phases());
    this.progress = jobs.find(running.id()).orElseThrow().progress();
  }

  /** A Batch step begins. */
  void step(JobStep step, double percent) {
    progress = changed(step, percent, null);
    save();
  }

  /** What the job waits for. */
  void waiting(String detail) {
    note(detail);
  }

  /** What there is to know beside the figures. */
  void note(String detail) {
    if (!detail.equals(progress.detail())) {
      progress = changed(Objects.requireNonNull(progress.step()), progress.percent(), detail);
      save();
    }
  }

  void validated(TrainingSession.Validation validation) {
    JobProgress old = progress;
    progress =
        new JobProgress(
            old.jobId(),
            old.status(),
            old.step(),
            old.phase(),
            old.method(),
            old.optimizerStep(),
            old.totalSteps(),
            old.loss(),
            validation.natsPerToken(),
            validation.bitsPerByte(),
            old.tokensPerSecond(),
            old.secondsLeft(),
            old.percent(),
            null);
    save();
  }

  /** Training got on; saved when the last save is a second old, or when it has to be. */
  void trained(
      TrainingSession.Outcome last, long total, double tokensPerSecond, double secondsLeft) {
    progress =
        new JobProgress(
            progress.jobId(),
            JobStatus.RUNNING,
            JobStep.TRAIN,
            last.phase() + 1,
            phases.get(last.phase()).method(),
            last.step(),
            total,
            last.loss(),
            progress.validation(),
            progress.bitsPerByte(),
            tokensPerSecond,
            secondsLeft,
            Percent.TRAIN + (Percent.EVALUATE - Percent.TRAIN) * last.step() / total,
            null);
    if (System.nanoTime() - lastSave > NANOS_BETWEEN_SAVES) {
      save();
    }
  }

  void save() {
    jobs.saveProgress(progress);
    lastSave = System.nanoTime();
  }

  private JobProgress changed(JobStep step, double percent, @Nullable String detail) {
    JobProgress old = progress;
    return new JobProgress(
        old.jobId(),
        JobStatus.RUNNING,
        step,
        old.phase(),
        old.method(),
        old.optimizerStep(),
        old.totalSteps(),
        old.loss(),
        old.validation(),
        old.bitsPerByte(),
        old.tokensPerSecond(),
        step == JobStep.TRAIN ? old.secondsLeft() : null,
        Math.max(old.percent(), percent),
        detail);
  }

  /** Where in a job its Batch steps begin. */
  static final class Percent {
    static final double PREPARE = 0;
    static final double TRAIN = 3;
    static final double EVALUATE = 95;
    static final double REGISTER = 97;

    private Percent() {}
  }
}
