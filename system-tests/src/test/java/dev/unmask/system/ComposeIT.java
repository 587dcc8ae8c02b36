package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compose file, checked by the compose tool where there is one. */
class ComposeIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Map<String, String> SECRETS =
      Map.of(
          "UNMASK_DATABASE_PASSWORD", SECRET,
          "UNMASK_OWNER_TOKEN", SECRET,
          "UNMASK_SERVICE_TOKEN", SECRET);

  @BeforeEach
  void needsTheTool() throws InterruptedException {
    boolean present;
    try {
      present = run(Map.of(), "version").exit() == 0;
    } catch (IOException absent) {
      present = false;
    }
    if (!present) {
      System.err.println("SKIPPED: the compose test needs docker-compose");
    }
    Assumptions.assumeTrue(present, "no docker-compose on this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void isValidInEachProfile(String profile) throws Exception {
    Result result = run(with(SECRETS, "COMPOSE_PROFILES", profile), "config");

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("service_healthy");
  }

  @Test
  void doesNotStartWithoutSecrets() throws Exception {
    Result result = run(with(SECRETS, "UNMASK_OWNER_TOKEN", ""), "config", "--quiet");

    assertThat(result.exit()).isNotZero();
    assertThat(result.output()).contains("set it in .env");
  }

  @Test
  void aServiceRefusesAWellKnownSecret() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", "deploy/entrypoint");
    builder.environment().put("UNMASK_SERVICE", "registry");
    builder.environment().put("SPRING_DATASOURCE_PASSWORD", "changeme-changeme-changeme");

    Result result = run(builder);

    assertThat(result.exit()).isEqualTo(78);
    assertThat(result.output()).contains("SPRING_DATASOURCE_PASSWORD is a well-known default");
  }

  private record Result(int exit, String output) {}

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> copy = new HashMap<>(map);
    copy.put(key, value);
    return copy;
  }

  private static Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("docker-compose");
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    return run(builder);
  }

  private static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.directory(new File("..")).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
