package dev.unmask.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Weights of a gigabyte from a file that the page cache holds, beside copying the same file from
 * the page cache into fresh memory.
 */
final class CheckpointLoading implements LibraryPart {

  private static final int ROUNDS = 5;
  private static final int CHUNK = 8 << 20;
  private static final double GOAL = 0.9;
  private static final double HEAP_LIMIT = 0.01;
  private static final String LOAD = "load";
  private static final String COPY = "copy";
  private static final String READ = "read";

  /** 20 layers, width 1,024: 264 million parameters of four bytes. */
  private static BackboneConfig shape() {
    return BackboneConfig.llama(4_001, 20, 1024, 16, 2816, 256, 0);
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    BackboneConfig config = options.quick() ? LibraryShapes.twelveMillion(8) : shape();
    Path file = options.work().resolve("loading.safetensors");
    try {
      Files.createDirectories(options.work());
      SafetensorsWriter writer = new SafetensorsWriter();
      try (Weights weights = Weights.random(config, 1)) {
        weights.write(writer, "");
        writer.write(file);
      }
      measure(config, file, options.repeats(ROUNDS), results);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
  }

  private static void measure(
      BackboneConfig config, Path file, int rounds, Consumer<Result> results) throws IOException {
    double gigabytes = Files.size(file) / 1e9;
    long before = allocated();
    Turns.Taken taken =
        new Turns()
            .time(COPY, () -> copy(file))
            .time(LOAD, () -> load(config, file))
            .time(READ, () -> read(file))
            .take(1, rounds);
    double heap = (double) (allocated() - before) / (rounds + 1) / 1e9;
    double load = taken.median(LOAD) / 1e3;
    double copy = taken.median(COPY) / 1e3;
    results.accept(
        Result.of(
                BENCHMARK,
                "loading a checkpoint: its rate over that of copying from the page cache",
                copy / load,
                "ratio")
            .withGoal(GOAL)
            .with("gigabytes", gigabytes)
            .with("gigabytes_a_second", gigabytes / load)
            .with("page_cache_gigabytes_a_second", gigabytes / copy)
            .with("into_one_small_buffer", gigabytes / (taken.median(READ) / 1e3)));
    results.accept(
        Result.of(
                BENCHMARK,
                "loading a checkpoint: heap allocated over the file's size",
                heap / gigabytes,
                "fraction")
            .withLimit(HEAP_LIMIT));
  }

  private static void load(BackboneConfig config, Path file) {
    try (Safetensors tensors = Safetensors.open(file)) {
      Weights.read(config, tensors).close();
    }
  }

  /** Into memory that was never touched before, as that of a model is. */
  private static void copy(Path file) {
    try (NativeMemory fresh = NativeMemory.allocate(Files.size(file));
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment memory = fresh.segment();
      for (long at = 0; at < memory.byteSize(); at += CHUNK) {
        ByteBuffer chunk =
            memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer();
        while (chunk.hasRemaining()) {
          channel.read(chunk, at + chunk.position());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Into memory that is used again and again: no model can be had so, and nothing is faster. */
  private static void read(Path file) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(chunk) >= 0) {
        chunk.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
