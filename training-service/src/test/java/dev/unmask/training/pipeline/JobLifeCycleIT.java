package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import dev.unmask.training.FakeEngine;
import dev.unmask.training.FakeRegistry;
import dev.unmask.training.TrainingServer;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobStep;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.api.SubmitJob.RegisterSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(PostgresExtension.class)
class JobLifeCycleIT {
  private static final int STEPS = 45;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestDatabase database = PostgresExtension.freshDatabase();
  private final FakeRegistry registry = new FakeRegistry();
  private FakeEngine engine = new FakeEngine(0);
  private final Path data;
  private TrainingServer server;

  JobLifeCycleIT(@TempDir Path data) {
    this.data = data;
    this.server = start();
  }

  private TrainingServer start() {
    return new TrainingServer(database, registry, data, engine, Map.of());
  }

  @BeforeEach
  void upload() {
    server.upload("text", "one\ftwo\fthree");
  }

  @AfterEach
  void stop() {
    engine.permits.release(1_000_000);
    server.close();
    registry.close();
  }

  private JobView submit() {
    return server.submit(
        new SubmitJob(
            "text",
            "tiny",
            null,
            null,
            null,
            List.of(
                new PhaseSpec("ar", null, null, null, 20),
                new PhaseSpec("block-diffusion", 4, null, null, STEPS - 20)),
            null,
            null,
            null,
            null,
            null,
            null,
            10,
            null,
            null,
            new RegisterSpec("tiny", "champion")));
  }

  private static Map<Long, Double> expectedLosses() {
    Map<Long, Double> losses = new TreeMap<>();
    double state = 0.5;
    for (long step = 1; step <= STEPS; step++) {
      state = 3.9 * state * (1 - state);
      losses.put(step, state);
    }
    return losses;
  }

  private void awaitStep(JobView job, long step) {
    Await.until(
        "optimizer step " + step,
        PATIENCE,
        () ->
            server.bean(CurrentJob.class).peek() != null
                && engine.permits.availablePermits() == 0
                && engine.permits.hasQueuedThreads());
  }

  @Test
  void trainsEvaluatesAndRegistersWithTheWholeCurveInTheRegistry() {
    engine.permits.release(STEPS);
    JobView job = submit();

    JobView done = server.awaitStatus(job.id(), JobStatus.COMPLETED);

    assertThat(done.registeredVersion()).isEqualTo(1);
    assertThat(done.progress().percent()).isEqualTo(100);
    assertThat(done.progress().step()).isEqualTo(JobStep.REGISTER);
    assertThat(done.progress().validation()).isEqualTo(2.5);
    assertThat(registry.losses()).isEqualTo(expectedLosses());
    assertThat(registry.metrics.get("validation/bits_per_byte")).containsKey((long) STEPS);
    assertThat(registry.aliases).containsEntry("champion", "1");
    assertThat(registry.artifacts).containsOnlyKeys("model/config.json", "model/model.safetensors");
    assertThat(registry.params).containsEntry("phases.1.blockSize", "4").containsEntry("seed", "0");
    assertThat(registry.tags)
        .containsEntry("unmask.job", job.id())
        .containsEntry("unmask.precision", "f32")
        .containsEntry("unmask.command", "POST /api/v1/training/jobs/" + job.id() + "/clone")
        .containsKeys("unmask.environment.java", "unmask.environment.djl");
    assertThat(registry.tags.get("unmask.environment.command"))
        .startsWith("java ")
        .doesNotContain("umk_test");
    assertThat(registry.metrics).containsKey("system/system_memory_usage_megabytes");
    Await.until("the run is finished", PATIENCE, () -> registry.states.contains("FINISHED"));
    assertThat(registry.runs()).isOne();
  }

  @Test
  void goesOnAfterAStopWithinAChunkWithTheLossesOfAnUninterruptedRun() {
    engine.permits.release(13);
    JobView job = submit();
    awaitStep(job, 13);

    assertThat(server.jobs().stop(job.id()).status()).isEqualTo(JobStatus.STOPPING);
    engine.permits.release(1);
    JobView stopped = server.awaitStatus(job.id(), JobStatus.STOPPED);
    assertThat(stopped.progress().optimizerStep()).isEqualTo(14);
    Await.until("the run is killed", PATIENCE, () -> registry.states.contains("KILLED"));
    engine.permits.release(STEPS);
    assertThat(server.jobs().resume(job.id()).status())
        .isIn(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.COMPLETED);
    server.awaitStatus(job.id(), JobStatus.COMPLETED);

    assertThat(registry.losses()).isEqualTo(expectedLosses());
    assertThat(registry.contradictions).isEmpty();
    assertThat(registry.runs()).isOne();
  }

  @Test
  void goesOnByItselfAfterTheProcessWasStopped() {
    engine.permits.release(13);
    JobView job = submit();
    awaitStep(job, 13);

    Thread closing = Thread.ofVirtual().start(() -> server.close());
    Await.until(
        "asked to stop",
        PATIENCE,
        () -> {
          RunningJob running = server.bean(CurrentJob.class).peek();
          return running == null || running.stopping();
        });
    engine.permits.release(1);
    join(closing);
    engine = new FakeEngine(STEPS);
    server = start();
    server.awaitStatus(job.id(), JobStatus.COMPLETED);

    assertThat(registry.losses()).isEqualTo(expectedLosses());
    assertThat(registry.contradictions).isEmpty();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** The state that a killed process leaves, or one whose database went away while a job ended. */
  @ParameterizedTest
  @ValueSource(strings = {"STARTED", "UNKNOWN"})
  void goesOnAfterEachOfTwoCrashes(String leftBehind) {
    engine.permits.release(12);
    JobView job = submit();
    awaitStep(job, 12);
    crash(leftBehind);
    engine.permits.release(11);
    awaitStep(job, 23);
    crash(leftBehind);
    engine.permits.release(STEPS);
    server.awaitStatus(job.id(), JobStatus.COMPLETED);

    assertThat(registry.losses()).isEqualTo(expectedLosses());
    assertThat(registry.contradictions).isEmpty();
  }

  /** Closes the server with the job's rows as they were while it ran, and starts a new one. */
  private void crash(String leftBehind) {
    String worker = server.bean(WorkerIdentity.class).id();
    Thread closing = Thread.ofVirtual().start(() -> server.bean(JobWorker.class).stop());
    Await.until(
        "asked to stop",
        PATIENCE,
        () -> {
          RunningJob running = server.bean(CurrentJob.class).peek();
          return running == null || running.stopping();
        });
    engine.permits.release(1);
    join(closing);
    JdbcClient jdbc = server.bean(JdbcClient.class);
    for (String table : List.of("batch_job_execution", "batch_step_execution")) {
      jdbc.sql("update " + table + " set status = ?, end_time = null where status = 'STOPPED'")
          .param(leftBehind)
          .update();
    }
    jdbc.sql(
            "update job set status = 'RUNNING', lease_owner = ?, lease_until = now() + interval '1 h'")
        .param(worker)
        .update();
    server.close();
    engine = new FakeEngine(0);
    server = start();
  }

  @Test
  void tellsWhyAJobFailedAndResumesIt() {
    engine.failure.set(new IllegalStateException("a fault of the test"));
    engine.permits.release(STEPS + 1);
    JobView job = submit();

    Await.until("failed", PATIENCE, () -> server.jobs().get(job.id()).status() == JobStatus.FAILED);
    JobView failed = server.jobs().get(job.id());
    assertThat(Objects.requireNonNull(failed.failure()).code()).isEqualTo("INTERNAL");
    assertThat(Objects.requireNonNull(failed.failure()).detail())
        .doesNotContain("a fault of the test");
    Await.until("told", PATIENCE, () -> registry.states.contains("FAILED"));
    server.jobs().resume(job.id());

    server.awaitStatus(job.id(), JobStatus.COMPLETED);
    assertThat(registry.losses()).isEqualTo(expectedLosses());
  }

  @Test
  void keepsTheCurveWhileTheRegistryIsAwayAndSaysThatItWaits() {
    registry.goAway();
    engine.permits.release(STEPS);
    JobView job = submit();

    Await.until(
        "the job says that it waits",
        PATIENCE,
        () -> {
          String detail = server.jobs().get(job.id()).progress().detail();
          return detail != null && detail.contains("waiting for the registry");
        });
    assertThat(server.jobs().get(job.id()).progress().step()).isEqualTo(JobStep.REGISTER);
    registry.comeBack();
    JobView done = server.awaitStatus(job.id(), JobStatus.COMPLETED);

    assertThat(done.runId()).isNotNull();
    assertThat(registry.losses()).isEqualTo(expectedLosses());
    assertThat(registry.contradictions).isEmpty();
  }

  @Test
  void failsClearlyWhenTheRegistryRefusesTheModel() {
    registry.refuse = "model-versions/create";
    engine.permits.release(STEPS);
    JobView job = submit();

    Await.until("failed", PATIENCE, () -> server.jobs().get(job.id()).status() == JobStatus.FAILED);
    JobView failed = server.jobs().get(job.id());
    assertThat(Objects.requireNonNull(failed.failure()).code()).isEqualTo("REGISTRY_REFUSED");
    assertThat(Objects.requireNonNull(failed.failure()).detail())
        .contains("400")
        .contains("the fake refuses");
    registry.refuse = "";
    server.jobs().resume(job.id());

    server.awaitStatus(job.id(), JobStatus.COMPLETED);
    assertThat(registry.aliases).containsEntry("champion", "1");
  }

  @Test
  void repeatsAJobWithItsSpecAndLosses() {
    engine.permits.release(2 * STEPS);
    JobView first = server.awaitStatus(submit().id(), JobStatus.COMPLETED);

    JobView second = server.jobs().repeat(first.id());

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.spec()).isEqualTo(first.spec());
    server.awaitStatus(second.id(), JobStatus.COMPLETED);
    assertThat(registry.contradictions).isEmpty();
    assertThat(registry.runs()).isEqualTo(2);
  }

  @Test
  void refusesToRepeatAJobWhoseTextHasChanged() {
    engine.permits.release(STEPS);
    JobView first = server.awaitStatus(submit().id(), JobStatus.COMPLETED);
    server.corpora().delete(first.corpusId());
    server.upload("text", "another\ftext");

    assertThatThrownBy(() -> server.jobs().repeat(first.id()))
        .hasMessageContaining("is no longer the text of job " + first.id());
  }

  @Test
  void completesAndSaysSoWhenTheVersionMayNotBePromoted() {
    registry.refusePromotion = true;
    JobView job = submit();

    engine.permits.release(STEPS);
    JobView done = server.awaitStatus(job.id(), JobStatus.COMPLETED);

    assertThat(registry.versions).hasSize(1);
    assertThat(registry.aliases).isEmpty();
    assertThat(done.progress().detail())
        .contains("registered as version 1")
        .contains("must be at most 2");
    Await.until(
        "the run says so", PATIENCE, () -> registry.tags.containsKey("unmask.alias_refused"));
  }

  @Test
  void stopsWhatOnlyWaits() {
    JobView first = submit();
    awaitStep(first, 0);
    JobView second = submit();

    assertThat(server.jobs().stop(second.id()).status()).isEqualTo(JobStatus.STOPPED);
    engine.permits.release(STEPS);
    server.awaitStatus(first.id(), JobStatus.COMPLETED);
    assertThat(server.jobs().get(second.id()).startedAt()).isNull();
  }
}
