package dev.unmask.local.stack;

import dev.unmask.local.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One holder at a time. The operating system holds the lock and lets go when the process ends,
 * however it ends: a file left by {@code kill -9} locks nobody out.
 */
final class DirectoryLock implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, waiting for a holder that is about to end; empty when it stays taken. */
  static Optional<DirectoryLock> acquire(Path file, Duration patience) {
    return Poll.until(patience, INTERVAL, () -> Optional.ofNullable(tryAcquire(file)));
  }

  private static @Nullable DirectoryLock tryAcquire(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        return null;
      }
      channel.truncate(0);
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new StackFailure("cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StackFailure("cannot release a lock: " + e.getMessage(), e);
    }
  }
}
