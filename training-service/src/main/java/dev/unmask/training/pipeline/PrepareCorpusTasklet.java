package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobStep;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.corpus.CorpusFiles;
import dev.unmask.training.job.TrainingJobRepository;
import dev.unmask.training.tracking.ModelDownload;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/** Batch step {@code prepareCorpus}: from text to packed sequences, in the job's directory. */
@Component
class PrepareCorpusTasklet implements Tasklet {
  private final CurrentJob current;
  private final TrainingJobRepository jobs;
  private final CorpusFiles corpora;
  private final TrainingEngine engine;
  private final Base base;

  /** Fetches the model that a job starts from. */
  @Component
  record Base(ModelDownload download, RegistryPatience patience) {}

  PrepareCorpusTasklet(
      CurrentJob current,
      TrainingJobRepository jobs,
      CorpusFiles corpora,
      TrainingEngine engine,
      Base base) {
    this.current = current;
    this.jobs = jobs;
    this.corpora = corpora;
    this.engine = engine;
    this.base = base;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
    RunningJob running = current.get();
    running.check();
    ProgressReport report = new ProgressReport(jobs, running);
    report.step(JobStep.PREPARE_CORPUS, ProgressReport.Percent.PREPARE);
    SubmitJob spec = running.job().spec();
    fetchBase(running, report);
    Path text = corpora.path(running.job().corpusSha256());
    if (!Files.exists(text) && !Files.exists(running.files().prepared())) {
      throw new JobFailedException(
          "CORPUS_NOT_FOUND", "the job's corpus was deleted", "upload it again, submit a new job");
    }
    running
        .files()
        .make(
            running.files().prepared(),
            directory -> engine.prepare(spec, text, running.files(), directory));
    running.check();
    return RepeatStatus.FINISHED;
  }

  private void fetchBase(RunningJob running, ProgressReport report) throws Exception {
    String reference = running.job().spec().startFrom();
    if (reference == null) {
      return;
    }
    base.patience()
        .until(
            running,
            report,
            () -> {
              running
                  .files()
                  .make(
                      running.files().base(),
                      directory ->
                          base.download().fetch(running.job().teamId(), reference, directory));
              return true;
            });
  }
}
