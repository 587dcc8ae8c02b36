package dev.unmask.training.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
  private static final int MOST = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Path source = Path.of("");

  @BeforeEach
  void makeACheckout() throws IOException, InterruptedException {
    assumeTrue(new Git(folder, PATIENCE).ask(100, "--version").isPresent(), "needs git");
    source = folder.resolve("training-service/src/A.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class A {}\n");
    git("init", "-q", "-b", "work");
    git("add", ".");
    git("commit", "-q", "-m", "first");
  }

  @Test
  void tellsCommitAndBranchOfACleanOne() throws IOException {
    git("remote", "add", "origin", "https://ann:hunter2@host/repository.git");
    Files.writeString(folder.resolve("untracked"), "belongs to nobody");

    Checkout found = read(folder.resolve("training-service/src")).orElseThrow();

    assertThat(found.commit()).matches("[0-9a-f]{40}");
    assertThat(found.branch()).isEqualTo("work");
    assertThat(found.repository()).isEqualTo("https://***@host/repository.git");
    assertThat(found.dirty()).isFalse();
    assertThat(found.difference()).isNull();
  }

  @Test
  void tellsADifferenceThatCanBeAppliedAgain() throws IOException {
    Files.writeString(source, "class A { String größe = \"<script>\"; }\n");

    Checkout found = read(folder).orElseThrow();

    assertThat(found.dirty()).isTrue();
    Path patch = Files.writeString(folder.resolve("p.patch"), found.difference());
    git("checkout", "-q", ".");
    git("apply", patch.toString());
    assertThat(source).content().contains("größe");
  }

  @Test
  void saysThatThereIsADifferenceWhichIsTooLong() throws IOException {
    Files.writeString(source, "x".repeat(2 * MOST));

    Checkout found = read(folder).orElseThrow();

    assertThat(found.dirty()).isTrue();
    assertThat(found.difference()).isNull();
  }

  @Test
  void hasNoBranchWhereNoneIsCheckedOut() {
    git("checkout", "-q", "--detach");

    assertThat(read(folder).orElseThrow().branch()).isNull();
  }

  @Test
  void isAbsentInSomebodyElsesRepositoryAndOutsideOfAny(@TempDir Path elsewhere)
      throws IOException {
    assertThat(read(elsewhere)).isEmpty();
    git("mv", "training-service", "other");

    assertThat(read(folder)).isEmpty();
  }

  @Test
  void runsNoProgramOfTheRepository() throws IOException {
    Path witness = folder.resolve("witness");
    String program = "touch " + witness;
    for (String setting : List.of("diff.external", "core.fsmonitor", "core.pager")) {
      git("config", setting, program);
    }
    git("config", "diff.evil.textconv", program);
    Files.writeString(folder.resolve(".gitattributes"), "*.java diff=evil\n");
    Files.writeString(source, "class B {}\n");

    assertThat(read(folder).orElseThrow().difference()).contains("class B");
    assertThat(witness).doesNotExist();
  }

  @Test
  void givesUpAnAnswerThatTakesTooLongOrIsTooLong() {
    Git hasty = new Git(folder, Duration.ofMillis(200));

    assertThat(hasty.ask(MOST, "-c", "alias.slow=!sleep 20 && echo late", "slow")).isEmpty();
    assertThat(new Git(folder, PATIENCE).ask(3, "rev-parse", "HEAD")).isEmpty();
  }

  private static Optional<Checkout> read(Path directory) {
    return Checkout.read(new Git(directory, PATIENCE), MOST);
  }

  private void git(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("git", "-C", folder.toString(), "-c", "user.name=t", "-c", "user.email=t@t"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor()).as(command.toString()).isZero();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
