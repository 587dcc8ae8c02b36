package dev.unmask.training.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import dev.unmask.training.FakeEngine;
import dev.unmask.training.FakeRegistry;
import dev.unmask.training.TrainingServer;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.SubmitJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobQueueIT {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir static Path data;
  private final TestDatabase database = PostgresExtension.freshDatabase();
  private final FakeRegistry registry = new FakeRegistry();
  private TrainingServer server;
  private JobQueue queue;

  @BeforeAll
  void start() {
    server =
        new TrainingServer(
            database,
            registry,
            data,
            new FakeEngine(0),
            Map.of(
                "unmask.training.worker.enabled", "false",
                "unmask.training.job.queue-capacity", "100"));
    server.upload("text", "words");
    queue = server.bean(JobQueue.class);
  }

  @AfterAll
  void stop() {
    server.close();
    registry.close();
  }

  @BeforeEach
  void emptyQueue() {
    server.bean(JdbcClient.class).sql("delete from job").update();
  }

  private UUID submit() {
    return UUID.fromString(server.submit(SubmitJob.of("text")).id());
  }

  @Test
  void givesOutJobsInTheOrderOfSubmission() {
    UUID first = submit();
    UUID second = submit();

    assertThat(queue.claim("a", LONG)).map(TrainingJob::id).contains(first);
    assertThat(queue.claim("b", LONG)).map(TrainingJob::id).contains(second);
    assertThat(queue.claim("c", LONG)).isEmpty();
  }

  @Test
  void givesNoJobToTwoWorkers() {
    IntStream.range(0, 24).forEach(i -> submit());
    Set<UUID> taken = ConcurrentHashMap.newKeySet();

    List<Thread> workers =
        IntStream.range(0, 6)
            .mapToObj(
                w ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              for (int i = 0; i < 4; i++) {
                                // Each as a worker of its own: a worker gets back what it holds.
                                Optional<TrainingJob> job = queue.claim("w" + w + "-" + i, LONG);
                                job.ifPresent(j -> taken.add(j.id()));
                              }
                            }))
            .toList();
    Await.until("all workers are done", LONG, () -> workers.stream().noneMatch(Thread::isAlive));

    assertThat(taken).hasSize(24);
  }

  @Test
  void takesOverAJobWhoseLeaseRanOutAndShutsItsFirstWorkerOut() {
    UUID id = submit();
    queue.claim("dead", Duration.ZERO);

    assertThat(queue.claim("heir", LONG)).map(TrainingJob::id).contains(id);

    assertThat(queue.renew(id, "dead", LONG)).isEmpty();
    queue.end(id, "dead", JobStatus.FAILED, new JobView.Failure("X", "late", "none"));
    assertThat(server.jobs().get(id.toString()).status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void leavesAJobWithALivingLeaseAloneExceptForItsOwnWorker() {
    UUID id = submit();
    queue.claim("mine", LONG);

    assertThat(queue.claim("other", LONG)).isEmpty();
    assertThat(queue.claim("mine", LONG)).map(TrainingJob::id).contains(id);
  }

  @Test
  void tellsTheWorkerOfAStopByItsHeartbeat() {
    UUID id = submit();
    queue.claim("mine", LONG);

    server.jobs().stop(id.toString());

    assertThat(queue.renew(id, "mine", LONG)).contains(JobStatus.STOPPING);
    queue.release(id, "mine");
    assertThat(server.jobs().get(id.toString()).status()).isEqualTo(JobStatus.STOPPED);
  }

  @Test
  void putsAReleasedJobBackInFrontOfLaterOnes() {
    UUID first = submit();
    submit();
    queue.claim("mine", LONG);

    queue.release(first, "mine");

    assertThat(queue.claim("other", LONG)).map(TrainingJob::id).contains(first);
  }
}
