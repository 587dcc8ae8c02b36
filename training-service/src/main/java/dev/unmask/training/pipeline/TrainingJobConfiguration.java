package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobStep;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The Batch job. Its chunks are minutes of computing, so no database transaction is open meanwhile:
 * what a chunk commits is its checkpoint on disk, and after it the step's context.
 */
@Configuration(proxyBeanMethods = false)
class TrainingJobConfiguration {

  @Bean
  Job trainingJob(
      JobRepository repository,
      PrepareCorpusTasklet prepare,
      TrainTasklet train,
      EvaluateTasklet evaluate,
      RegisterTasklet register) {
    return new JobBuilder("training", repository)
        .start(step(JobStep.PREPARE_CORPUS, repository, prepare))
        .next(
            new StepBuilder(JobStep.TRAIN.stepName(), repository)
                .tasklet(train)
                .listener(train)
                .build())
        .next(step(JobStep.EVALUATE, repository, evaluate))
        .next(step(JobStep.REGISTER, repository, register))
        .build();
  }

  private static Step step(JobStep step, JobRepository repository, Tasklet tasklet) {
    return new StepBuilder(step.stepName(), repository).tasklet(tasklet).build();
  }
}
