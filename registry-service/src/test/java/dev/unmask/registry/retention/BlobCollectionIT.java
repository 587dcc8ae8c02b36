package dev.unmask.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.artifact.BlobStore;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Bytes go when their last name went, and never before. */
class BlobCollectionIT {
  private static final RegistryServer REGISTRY =
      RegistryServer.start(
          "--unmask.registry.retention.enabled=false", "--unmask.registry.retention.blob-grace=0s");
  private static final RegistryServer PATIENT =
      RegistryServer.start("--unmask.registry.retention.enabled=false");
  private final LoggedRuns logged = new LoggedRuns(REGISTRY);
  private final BlobCollector collector = REGISTRY.bean(BlobCollector.class);
  private final BlobStore store = REGISTRY.bean(BlobStore.class);
  private String run = "";

  @AfterAll
  static void stop() {
    REGISTRY.close();
    PATIENT.close();
  }

  @BeforeEach
  void startRun() {
    run = logged.runs(logged.experiment("e"), 1, 0).getFirst();
  }

  @Test
  void removesWhatWasDeletedOrReplacedAndKeepsWhatHasAnotherName() {
    String twice = put("a.txt", unique());
    String alone = put("b.txt", unique());
    String replaced = put("c.txt", unique());
    byte[] again = read("a.txt");
    put("folder/copy.txt", again);
    String successor = put("c.txt", unique());

    delete("a.txt");
    delete("b.txt");
    collectAll();

    assertThat(store.path(twice)).exists();
    assertThat(store.path(successor)).exists();
    assertThat(store.path(alone)).doesNotExist();
    assertThat(store.path(replaced)).doesNotExist();
    delete("folder");
    collectAll();
    assertThat(store.path(twice)).doesNotExist();
    assertThat(logged.count("SELECT count(*) FROM unnamed_blobs")).isZero();
  }

  @Test
  void keepsFilesOfVersionsWhoseModelIsThereAndFreesThemWithIt() {
    String sha256 = put("model/config.json", unique());
    logged.team.post("registered-models/create", "{\"name\": \"m\"}");
    String create = "{\"name\": \"m\", \"source\": \"runs:/" + run + "/model\"}";
    assertThat(logged.team.post("model-versions/create", create).status()).isEqualTo(200);

    delete("model");
    collectAll();
    assertThat(store.path(sha256)).exists();

    logged.team.send("DELETE", "/api/2.0/mlflow/registered-models/delete", "{\"name\": \"m\"}");
    collectAll();
    assertThat(store.path(sha256)).doesNotExist();
  }

  @Test
  void waitsForTheGraceSoThatABackupCanFollow() {
    LoggedRuns others = new LoggedRuns(PATIENT);
    long experiment = others.experiment("e");
    String other = others.runs(experiment, 1, 0).getFirst();
    byte[] content = unique();
    others.put(experiment, other, "a.txt", content);
    others.team.send(
        "DELETE", LoggedRuns.address(experiment, other, "a.txt"), BodyPublishers.noBody());

    assertThat(PATIENT.bean(BlobCollector.class).collect()).isFalse();

    Path blob = PATIENT.bean(BlobStore.class).path(PurgeIT.sha256(content));
    assertThat(blob).exists();
    PATIENT
        .bean(JdbcTemplate.class)
        .update("UPDATE unnamed_blobs SET since = since - interval '61 minutes'");
    assertThat(PATIENT.bean(BlobCollector.class).collect()).isTrue();
    assertThat(blob).doesNotExist();
  }

  @Test
  void doesNotRemoveABlobWhoseNameIsNotCommittedYet() throws Exception {
    byte[] content = unique();
    String sha256 = put("a.txt", content);
    delete("a.txt");
    CountDownLatch named = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    // The same bytes come again, and their transaction is still open when the collector looks.
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> upload =
          pool.submit(
              () ->
                  REGISTRY
                      .bean(TransactionTemplate.class)
                      .executeWithoutResult(
                          status -> {
                            upload("b.txt", content);
                            named.countDown();
                            await(looked);
                          }));
      await(named);

      assertThat(collector.collect()).isFalse();

      assertThat(store.path(sha256)).exists();
      looked.countDown();
      upload.get();
    }
    collectAll();
    assertThat(read("b.txt")).isEqualTo(content);
  }

  @Test
  void keepsWhateverHasANameWhileManyPutAndDeleteTheSameBytes() throws Exception {
    List<byte[]> contents = List.of(unique(), unique(), unique());
    AtomicBoolean putting = new AtomicBoolean(true);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        int number = writer;
        writers.add(pool.submit(() -> putAndDelete(number, contents)));
      }
      Future<?> collecting = pool.submit(() -> collectWhile(putting));
      for (Future<?> writer : writers) {
        writer.get();
      }
      putting.set(false);
      collecting.get();
    }

    collectAll();
    for (int writer = 0; writer < 8; writer++) {
      assertThat(contents).contains(read("w" + writer + "/last.txt"));
    }
    JsonNode check = check();
    assertThat(check.get("missing").intValue()).isZero();
    assertThat(check.get("named").intValue()).isEqualTo(8);
  }

  private Object putAndDelete(int writer, List<byte[]> contents) {
    Random random = new Random(writer);
    for (int round = 0; round < 30; round++) {
      String path = "w" + writer + "/f.txt";
      byte[] content = contents.get(random.nextInt(contents.size()));
      put(path, content);
      assertThat(read(path)).isEqualTo(content);
      delete(path);
    }
    put("w" + writer + "/last.txt", contents.get(writer % contents.size()));
    return writer;
  }

  private Object collectWhile(AtomicBoolean putting) {
    while (putting.get()) {
      collector.collect();
    }
    return putting;
  }

  @Test
  void givesAVersionItsFilesThoughTheyLoseTheirNameMeanwhile() throws Exception {
    String sha256 = put("model/config.json", unique());
    logged.team.post("registered-models/create", "{\"name\": \"n\"}");
    String create = "{\"name\": \"n\", \"source\": \"runs:/" + run + "/model\"}";
    CountDownLatch made = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    ArtifactService artifacts = REGISTRY.bean(ArtifactService.class);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      // What the creation of a version reads, in a transaction that is not over yet.
      Future<?> version =
          pool.submit(
              () ->
                  REGISTRY
                      .bean(TransactionTemplate.class)
                      .executeWithoutResult(
                          status -> {
                            assertThat(artifacts.below(logged.teamId, new OfRun(run), "model"))
                                .hasSize(1);
                            made.countDown();
                            await(looked);
                          }));
      await(made);
      Future<Answer> deletion = pool.submit(() -> remove("model"));
      collectAll();
      assertThat(store.path(sha256)).exists();
      assertThat(logged.team.post("model-versions/create", create).status()).isEqualTo(200);
      looked.countDown();
      version.get();
      assertThat(deletion.get().status()).isEqualTo(200);
    }

    collectAll();
    assertThat(store.path(sha256)).exists();
  }

  @Test
  void sweepsWhatCrashesLeaveAndTellsBeforehandWhatItWouldRemove() throws IOException {
    String named = put("a.txt", unique());
    collectAll();
    long before = check().get("orphans").longValue();
    String orphan;
    try (BlobStore.Draft draft = store.receive(new ByteArrayInputStream(unique()), 1_000)) {
      draft.keep();
      orphan = draft.blob().sha256();
    }
    Path draft = Files.writeString(store.path(orphan).resolveSibling("../drafts/x.draft"), "x");
    Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minusSeconds(4_000)));
    Path missing = store.path(put("b.txt", unique()));
    Files.delete(missing);

    JsonNode check = check();
    assertThat(check.get("orphans").longValue()).isEqualTo(before + 1);
    assertThat(check.get("orphanBytes").longValue()).isGreaterThanOrEqualTo(36);
    assertThat(check.get("named").intValue()).isEqualTo(2);
    assertThat(check.get("missing").intValue()).isEqualTo(1);
    assertThat(check.at("/examples/0/path").stringValue()).isEqualTo("b.txt");
    assertThat(check.at("/examples/0/owner").stringValue()).isEqualTo("runs/" + run);

    REGISTRY.bean(BlobSweep.class).run();
    collectAll();

    assertThat(draft).doesNotExist();
    assertThat(store.path(orphan)).doesNotExist();
    assertThat(store.path(named)).exists();
    assertThat(check().get("orphans").intValue()).isZero();
  }

  @Test
  void sweepsAtTheStart() throws IOException {
    Path folder = Files.createTempDirectory("reg");
    Path drafts = Files.createDirectories(folder.resolve("blobs").resolve("drafts"));
    Path draft = Files.writeString(drafts.resolve("x.draft"), "left by a crash");
    Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minusSeconds(4_000)));

    try (RegistryServer fresh = RegistryServer.start(PostgresExtension.freshDatabase(), folder)) {
      Await.until("the draft is swept", Duration.ofSeconds(20), () -> !Files.exists(draft));
    }
  }

  private JsonNode check() {
    return logged.team.get(LoggedRuns.API + "/blobs").json();
  }

  private void collectAll() {
    while (collector.collect()) {
      // the next ones
    }
  }

  private String put(String path, byte[] content) {
    Answer answer = logged.put(experimentOf(), run, path, content);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return PurgeIT.sha256(content);
  }

  /** In this thread's transaction. */
  private void upload(String path, byte[] content) {
    try {
      REGISTRY
          .bean(ArtifactService.class)
          .put(
              logged.teamId,
              new OfRun(run),
              new ArtifactPath(path),
              new ByteArrayInputStream(content),
              content.length);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private byte[] read(String path) {
    Answer answer = logged.team.get(LoggedRuns.address(experimentOf(), run, path));
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer.response().body();
  }

  private void delete(String path) {
    assertThat(remove(path).status()).isEqualTo(200);
  }

  private Answer remove(String path) {
    return logged.team.send(
        "DELETE", LoggedRuns.address(experimentOf(), run, path), BodyPublishers.noBody());
  }

  private long experimentOf() {
    return Long.parseLong(logged.getRun(run).json().at("/run/info/experiment_id").stringValue());
  }

  private static byte[] unique() {
    return UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
