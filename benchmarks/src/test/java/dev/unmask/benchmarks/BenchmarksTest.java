package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void listsEveryBenchmarkInItsHelp() {
    assertThat(run("--help")).isZero();

    assertThat(text(out))
        .contains("training ", "decoding ", "tokenizer ", "conversion ", "quality ", "registry ")
        .contains("--quick", "--model", "--only");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void showsTheHelpAsAnErrorWhenNothingIsNamed() {
    assertThat(run()).isEqualTo(2);

    assertThat(text(out)).isEmpty();
    assertThat(text(err)).startsWith("Usage: ");
  }

  @Test
  void namesABenchmarkItDoesNotKnow() {
    assertThat(run("speed")).isEqualTo(2);

    assertThat(text(err)).startsWith("benchmarks: unknown benchmark speed");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void namesAnOptionThatIsUnknownOrLacksItsValue() {
    assertThat(run("decoding", "--fast")).isEqualTo(2);
    assertThat(run("decoding", "--model")).isEqualTo(2);
    assertThat(run("decoding", "--train-minutes", "-1")).isEqualTo(2);

    assertThat(text(err))
        .contains("unknown option --fast")
        .contains("--model needs a value")
        .contains("--train-minutes must be in (0, 600], was -1");
  }

  @Test
  void namesTheCasesOfWhichOneIsUnknown() {
    assertThat(run("registry", "--quick", "--only", "search,speed")).isEqualTo(2);

    assertThat(text(err))
        .contains("--only names speed, but the cases of registry are search, page, series,");
  }

  private int run(String... arguments) {
    return Benchmarks.run(
        List.of(arguments), Path.of("target"), new PrintStream(out), new PrintStream(err));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
