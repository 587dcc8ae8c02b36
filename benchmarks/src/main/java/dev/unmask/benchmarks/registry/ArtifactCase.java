package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** A large file goes in and out again; neither the registry nor the gateway may hold it. */
final class ArtifactCase implements RegistryCase {
  private static final long SMALL = 8L << 20;

  @Override
  public String name() {
    return "artifact";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.ARTIFACT_PUT, Row.ARTIFACT_GET);
  }

  @Override
  public int seconds() {
    return 90;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    Experiment experiment = session.experiment("benchmark loads");
    String run = session.gateway().newRun(experiment.id(), name());
    String folder =
        "/api/2.0/mlflow-artifacts/artifacts/" + experiment.id() + "/" + run + "/artifacts/";
    long bytes = session.scale().artifactBytes();
    put(session, folder + "small.bin", SMALL);
    get(session, folder + "small.bin", SMALL);

    // Timed once by itself: the looks at the heaps stop the services.
    double putSeconds = seconds(() -> put(session, folder + "large.bin", bytes));
    HeapGrowth put =
        HeapGrowth.during(session.stack(), () -> put(session, folder + "again.bin", bytes));
    report(Row.ARTIFACT_PUT, session, put, putSeconds, diskSeconds(session, bytes), results);

    double getSeconds = seconds(() -> get(session, folder + "large.bin", bytes));
    HeapGrowth get =
        HeapGrowth.during(session.stack(), () -> get(session, folder + "large.bin", bytes));
    report(Row.ARTIFACT_GET, session, get, getSeconds, Double.NaN, results);
  }

  private static void report(
      Row row,
      Session session,
      HeapGrowth growth,
      double seconds,
      double disk,
      BiConsumer<Row, Result> results) {
    long bytes = session.scale().artifactBytes();
    Result result =
        row.result(session.scale(), growth.greater())
            .with("registry_megabytes", growth.registry())
            .with("gateway_megabytes", growth.gateway())
            .with("bytes", bytes)
            .with("seconds", seconds)
            .with("megabytes_a_second", bytes / seconds / 1e6);
    results.accept(row, Double.isNaN(disk) ? result : result.with("disk_write_seconds", disk));
  }

  private static double seconds(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void put(Session session, String path, long bytes) {
    Reply reply =
        session
            .gateway()
            .put(
                path,
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(() -> new Noise(bytes)), bytes));
    if (!reply.ok()) {
      throw new IllegalStateException(reply.problem());
    }
  }

  /** Reads it all and compares. */
  private static void get(Session session, String path, long bytes) {
    try (InputStream body = session.gateway().stream(path);
        InputStream expected = new Noise(bytes)) {
      if (checksum(body) != checksum(expected)) {
        throw new IllegalStateException("other bytes came back from " + path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long checksum(InputStream content) throws IOException {
    CRC32C checksum = new CRC32C();
    try (CheckedInputStream checked = new CheckedInputStream(content, checksum)) {
      checked.transferTo(OutputStream.nullOutputStream());
    }
    return checksum.getValue();
  }

  /** What the disk takes for as many bytes, flushed. */
  private static double diskSeconds(Session session, long bytes) {
    try {
      Path file = Files.createTempFile(session.stack().folder(), "disk", ".bin");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          InputStream noise = new Noise(bytes)) {
        long start = System.nanoTime();
        noise.transferTo(Channels.newOutputStream(channel));
        channel.force(true);
        return (System.nanoTime() - start) / 1e9;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
