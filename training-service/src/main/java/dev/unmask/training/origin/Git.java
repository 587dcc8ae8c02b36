package dev.unmask.training.origin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Questions to the git of the machine about a directory. It only reads: no lock is taken, nobody is
 * asked for a password, no program of the repository's configuration is started. Without git, or
 * outside a checkout, every answer is empty.
 *
 * @param directory in the checkout, or anywhere
 * @param longest after so long an answer is given up
 */
record Git(Path directory, Duration longest) {
  private static final List<String> READ_ONLY =
      List.of("--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false");

  /**
   * What git says.
   *
   * @param most bytes; empty when there are more
   */
  Optional<byte[]> ask(int most, String... question) {
    List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(READ_ONLY);
    command.addAll(List.of(question));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(Map.of("GIT_TERMINAL_PROMPT", "0", "LC_ALL", "C"));
    try {
      return answer(builder.start(), most);
    } catch (IOException noGit) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> answer(Process process, int most) throws IOException {
    process.getOutputStream().close();
    // Ends the reading below, too.
    CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> end(process));
    try (var output = process.getInputStream()) {
      byte[] answer = output.readNBytes(most + 1);
      if (answer.length > most) {
        return Optional.empty();
      }
      return process.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      end(process);
    }
  }

  /** With what it has started, which would hold its output open. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
