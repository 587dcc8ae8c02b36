package dev.unmask.training.origin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The source that a process was started from.
 *
 * @param commit 40 hexadecimal digits
 * @param branch null where none is checked out
 * @param repository address of {@code origin}, without name and password; null where there is none
 * @param dirty whether tracked files differ from the commit; null where git did not say
 * @param difference of tracked files, as a patch; null where there is none to tell
 */
record Checkout(
    String commit,
    @Nullable String branch,
    @Nullable String repository,
    @Nullable Boolean dirty,
    @Nullable String difference) {
  private static final int LINE = 10_000;
  private static final int NAMES = 1_000_000;
  private static final String OURS = "training-service/src";

  /**
   * Empty without git, and for files that lie in somebody else's repository.
   *
   * @param longestDifference bytes
   */
  static Optional<Checkout> read(Git git, int longestDifference) {
    Optional<String> commit = line(git, "rev-parse", "HEAD");
    if (commit.isEmpty() || !isOurs(line(git, "rev-parse", "--show-toplevel").orElse(""))) {
      return Optional.empty();
    }
    // Two questions, so that a difference beyond the limit is still known to be one.
    Boolean dirty =
        git.ask(NAMES, "diff", "--name-only", "HEAD").map(names -> names.length > 0).orElse(null);
    return Optional.of(
        new Checkout(
            commit.get(),
            line(git, "rev-parse", "--abbrev-ref", "HEAD")
                .filter(name -> !name.equals("HEAD"))
                .orElse(null),
            line(git, "config", "--get", "remote.origin.url").map(CommandLine::masked).orElse(null),
            dirty,
            Boolean.TRUE.equals(dirty) ? difference(git, longestDifference) : null));
  }

  private static boolean isOurs(String top) {
    try {
      return !top.isEmpty() && Files.isDirectory(Path.of(top, OURS));
    } catch (InvalidPathException strange) {
      return false;
    }
  }

  private static @Nullable String difference(Git git, int most) {
    return git.ask(most, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD")
        .flatMap(Checkout::text)
        .filter(text -> !text.isEmpty())
        .orElse(null);
  }

  private static Optional<String> line(Git git, String... question) {
    return git.ask(LINE, question)
        .flatMap(Checkout::text)
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /** Empty where the bytes are no text: a patch with replaced characters would not apply. */
  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }
}
