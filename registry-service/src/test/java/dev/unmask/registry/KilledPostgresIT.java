package dev.unmask.registry;

import dev.unmask.testing.Await;
import dev.unmask.testing.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of PostgreSQL in mid-load: all or nothing, and nothing acknowledged is lost. */
class KilledPostgresIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void losesNoAcknowledgedBatchAndTearsNone() throws Exception {
    EmbeddedPostgres first = postgres(0);
    TestDatabase database =
        new TestDatabase(
            "jdbc:postgresql://127.0.0.1:" + first.getPort() + "/postgres", "postgres", "");
    try (RegistryServer registry =
        RegistryServer.start(database, Files.createDirectory(folder.resolve("registry")))) {
      try (BatchLoad load =
          new BatchLoad(registry.url(), registry.exchange(registry.ownerToken()))) {
        load.start(16);
        awaitAcknowledged(load, 100);
        kill();
        int before = load.acknowledged();
        first.close();
        try (EmbeddedPostgres second = postgres(first.getPort())) {
          awaitAcknowledged(load, before + 100);
          load.close();

          load.verify();
        }
      }
    }
  }

  private EmbeddedPostgres postgres(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("postgres"))
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** Its first process first, so that nothing tidies up. */
  private void kill() throws IOException {
    long pid =
        Long.parseLong(
            Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst().strip());
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all = Stream.concat(Stream.of(server), server.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  private static void awaitAcknowledged(BatchLoad load, int batches) {
    Await.until(batches + " acknowledged batches", LONG, () -> load.acknowledged() >= batches);
  }
}
