package dev.unmask.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path folder;

  @Test
  void hasOneHolderAtATime() {
    Path file = folder.resolve("stack.lock");
    DirectoryLock first = DirectoryLock.acquire(file, Duration.ZERO).orElseThrow();

    assertThat(DirectoryLock.acquire(file, Duration.ZERO)).isEmpty();

    first.close();
    assertThat(DirectoryLock.acquire(file, Duration.ZERO)).hasValueSatisfying(DirectoryLock::close);
  }

  @Test
  void isNotHeldByAFileThatAKilledProcessLeft() throws Exception {
    Path file = Files.writeString(folder.resolve("stack.lock"), "4711");

    assertThat(DirectoryLock.acquire(file, Duration.ZERO)).hasValueSatisfying(DirectoryLock::close);
  }
}
