package dev.unmask.benchmarks.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Where seeded data is kept between calls; one benchmark at a time. */
final class WorkFolder implements AutoCloseable {
  private static final String SEED = ".seed";

  private final Path root;
  private final FileChannel channel;

  private WorkFolder(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /**
   * @throws IllegalStateException if another benchmark is at work there
   */
  static WorkFolder open(Path root) {
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              root.resolve("benchmark.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new IllegalStateException(
            "another benchmark of the registry is at work in " + root + ": wait for its end");
      }
      return new WorkFolder(root, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the seeded data of a key is kept, if it is there. */
  Path seed(String key) {
    return root.resolve(key + SEED);
  }

  /** An absent folder of this name; what a killed benchmark left there is stopped and deleted. */
  Path fresh(String name) {
    Path folder = root.resolve(name);
    new DataFolder(folder).stopLeftOvers();
    FileTree.delete(folder);
    return folder;
  }

  /** Deletes the data of other keys of the same size: no later call will want it. */
  void forgetAllBut(String key, String size) {
    try (Stream<Path> folders = Files.list(root)) {
      List<Path> old =
          folders
              .filter(folder -> folder.getFileName().toString().startsWith(size))
              .filter(folder -> folder.getFileName().toString().endsWith(SEED))
              .filter(folder -> !folder.equals(seed(key)))
              .toList();
      old.forEach(FileTree::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
