package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The demo of the README, with less training. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoIT {
  private static final long LIMIT_MINUTES = 6;
  private static final Path DATA = StackProcess.freshData("demo");

  @Test
  @Order(1)
  void trainsRegistersDeploysAndDecodes() throws Exception {
    Run run = demo("first");

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("Uploaded the corpus", "Registered demo version 1, alias champion", "Dashboard");
    assertThat(run.figures().at("/training/found").asBoolean()).isFalse();
    assertThat(run.figures().at("/training/validation").asDouble()).isPositive();
    assertThat(run.figures().at("/model/version").asInt()).isEqualTo(1);
    assertThat(run.figures().at("/completion/text").asText()).isNotBlank();
    assertThat(run.figures().at("/comparison/parallel/nfe").asInt())
        .isLessThanOrEqualTo(run.figures().at("/comparison/plain/nfe").asInt());
    assertThat(run.figures().at("/comparison/plainPerplexity").asDouble()).isGreaterThan(1);
  }

  @Test
  @Order(2)
  void findsTheWorkOfTheFirstRun() throws Exception {
    Run run = demo("second");

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("Found the model demo version 1")
        .doesNotContain("Uploaded", "Registered");
    assertThat(run.figures().at("/training/found").asBoolean()).isTrue();
  }

  private record Run(int exit, String output, JsonNode figures) {}

  private static Run demo(String name) throws IOException, InterruptedException {
    Path output = DATA.resolve(name + ".log");
    Path json = DATA.resolve(name + ".json");
    Process process =
        StackProcess.start(
            output,
            List.of(
                "demo",
                "--exit",
                "--minutes",
                "0.4",
                "--data",
                DATA.toString(),
                "--json",
                json.toString()));
    assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).as("ends").isTrue();
    JsonNode figures =
        Files.exists(json)
            ? new ObjectMapper().readTree(json.toFile())
            : new ObjectMapper().nullNode();
    return new Run(process.exitValue(), Files.readString(output), figures);
  }
}
