package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published model directories, imported by the command and asked through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportIT {
  private static final Path GIVEN =
      Path.of(System.getProperty("fixtures.dir", "../../shared/fixtures/given"));
  private static final Path CASES = GIVEN.resolve("e2e");
  private static final long LIMIT_MINUTES = 3;

  private final Path data = StackProcess.freshData("import");
  private StackProcess stack;

  @BeforeAll
  void start() {
    assumeTrue(Files.isDirectory(CASES), "no reference cases in " + CASES);
    stack = StackProcess.up(data);
  }

  @AfterAll
  void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llada", "sdar", "fast_dllm_v2"})
  void servesAPublishedModelDirectory(String model) throws Exception {
    importAndGenerate(CASES.resolve(model), model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama_q4_1", "llama_mixed", "qwen2_q8_0"})
  void servesAGgufFileWithTheVocabularyInsideIt(String model) throws Exception {
    Path file = GIVEN.resolve("gguf").resolve(model).resolve("model.gguf");
    assumeTrue(Files.isRegularFile(file), "no reference case " + file);

    importAndGenerate(file, model);
  }

  private void importAndGenerate(Path source, String model) throws Exception {
    assertThat(run(source, model))
        .contains("Registered " + model + " version 1, alias champion", "Deployed " + model);

    JsonNode answer =
        stack
            .gateway()
            .postJson(
                "/v1/completions",
                """
                {"model": "%s", "prompt": "Lily runs 12 km", "max_tokens": 16, "seed": 1,
                 "ignore_eos": true}
                """
                    .formatted(model))
            .json();

    assertThat(answer.at("/usage/completion_tokens").asInt()).as(answer.toString()).isEqualTo(16);
    assertThat(answer.at("/usage/diffusion/nfe").asInt()).isPositive();
  }

  @Test
  void findsTheSameFilesAgainInsteadOfSendingThem() throws Exception {
    run(CASES.resolve("sdar"), "again");

    assertThat(run(CASES.resolve("sdar"), "again"))
        .contains("Found again version 1")
        .doesNotContain("Uploading");
  }

  private String run(Path source, String name) throws IOException, InterruptedException {
    Path output = Files.createTempFile(data, name, ".log");
    Process process =
        StackProcess.start(
            output,
            List.of(
                "import",
                source.toString(),
                "--name",
                name,
                "--alias",
                "champion",
                "--data",
                data.toString()));
    assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).as("ends").isTrue();
    String told = Files.readString(output);
    assertThat(process.exitValue()).as(told).isZero();
    return told;
  }
}
