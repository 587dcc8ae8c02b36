package dev.unmask.local.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What another process of the same user needs to use a stack; kept as a file while it runs.
 *
 * @param ownerToken path of the file with the owner's API token
 * @param pid process of the launcher
 * @param mode {@code one-process} or {@code isolated}
 */
public record RunningStack(
    URI gateway, String ownerToken, long pid, String mode, StackPorts ports) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads the file of a data directory; empty when none is there or it cannot be read. */
  public static Optional<RunningStack> read(DataDirectory data) {
    try {
      return Optional.of(JSON.readValue(data.runningStack().toFile(), RunningStack.class));
    } catch (JacksonException absentOrDamaged) {
      return Optional.empty();
    }
  }

  void write(DataDirectory data) {
    Path target = data.runningStack();
    Path draft = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.write(draft, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackFailure("cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  static void forget(DataDirectory data) {
    try {
      Files.deleteIfExists(data.runningStack());
    } catch (IOException e) {
      throw new StackFailure("cannot delete " + data.runningStack() + ": " + e.getMessage(), e);
    }
  }
}
