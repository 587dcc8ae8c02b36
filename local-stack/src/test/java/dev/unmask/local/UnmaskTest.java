package dev.unmask.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnmaskTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void namesItsCommands() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains("up", "demo", "import", "doctor", "token")
        .doesNotContain("service ");
  }

  @Test
  void refusesAPortOutOfRange() {
    assertThat(run("up", "--port", "70000", "--data", folder.toString())).isEqualTo(2);

    assertThat(err.toString()).contains("--port must be in [1, 65531], was 70000");
  }

  @Test
  void refusesTrainingTimeOutOfRange() {
    assertThat(run("demo", "--minutes", "0", "--data", folder.toString())).isEqualTo(2);

    assertThat(err.toString()).contains("--minutes must be in (0, 10080], was 0");
  }

  @Test
  void refusesAnUnknownMethodByNamingThoseItKnows() {
    assertThat(run("demo", "--method", "gan", "--data", folder.toString())).isEqualTo(2);

    assertThat(err.toString()).contains("--method must be one of [block, ar,", "dsm], was gan");
  }

  @Test
  void saysHowToGetATokenBeforeThereIsOne() {
    assertThat(run("token", "--data", folder.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("no token yet").contains("unmask up");
  }

  @Test
  void refusesToImportWhatIsNoModel() throws IOException {
    Path data = folder.resolve("data");
    Path odd = Files.createDirectories(folder.resolve("odd"));
    Path other = Files.writeString(folder.resolve("model.bin"), "weights");

    assertThat(bringing(data, odd, "odd")).contains("no config.json", ".gguf");
    assertThat(bringing(data, other, "odd")).contains("neither a directory nor a .gguf file");
    Files.writeString(odd.resolve("config.json"), "{\"model_type\":\"bert\"}");
    assertThat(bringing(data, odd, "odd")).contains("no *.safetensors");
    Files.writeString(odd.resolve("model.safetensors"), "");
    assertThat(bringing(data, odd, "odd")).contains("of no known family", "bert", "llada");
    assertThat(bringing(data, odd, "a/b")).contains("--name must start with", "a/b");
    assertThat(data).doesNotExist();
  }

  private String bringing(Path data, Path source, String name) {
    assertThat(run("import", source.toString(), "--name", name, "--data", data.toString()))
        .isEqualTo(1);
    return err.toString();
  }

  private int run(String... arguments) {
    return Unmask.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
