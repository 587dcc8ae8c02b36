package dev.unmask.training.pipeline;

import dev.unmask.training.TrainingProperties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Name of this worker in leases. It stays the same over restarts, kept in a file that the process
 * locks: after a crash the same worker takes its job back at once instead of waiting for its own
 * lease to run out. A second worker on the same directory finds the lock held and gets a fresh
 * name.
 */
@Component
class WorkerIdentity implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(WorkerIdentity.class);

  private final String id;
  private final @Nullable FileChannel channel;

  WorkerIdentity(TrainingProperties properties) throws IOException {
    Files.createDirectories(properties.dataDirectory());
    Path file = properties.dataDirectory().resolve("worker.id");
    FileChannel opened =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (lock(opened) == null) {
      opened.close();
      channel = null;
      id = UUID.randomUUID().toString();
      log.info("another worker uses {}; this one is {}", properties.dataDirectory(), id);
    } else {
      channel = opened;
      id = readOrWrite(opened);
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException heldInThisProcess) {
      return null;
    }
  }

  private static String readOrWrite(FileChannel file) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(64);
    file.read(content, 0);
    String known =
        new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    if (known.length() == 36) {
      return known;
    }
    String fresh = UUID.randomUUID().toString();
    file.truncate(0);
    file.write(ByteBuffer.wrap(fresh.getBytes(StandardCharsets.US_ASCII)), 0);
    file.force(true);
    return fresh;
  }

  String id() {
    return id;
  }

  @Override
  public void destroy() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
