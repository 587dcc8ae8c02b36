package dev.unmask.training.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String SECRET = "hunter2";

  @Test
  void showsWhatDecidesHowTheProcessRuns() {
    assertThat(
            CommandLine.shown(
                List.of(
                    "java",
                    "-Xmx2g",
                    "-XX:+UseSerialGC",
                    "-Dai.djl.offline=true",
                    "-cp",
                    "a.jar:b.jar",
                    "dev.unmask.training.TrainingApplication",
                    "--server.port=8082")))
        .isEqualTo(
            "java -Xmx2g -XX:+UseSerialGC -Dai.djl.offline=true -cp ..."
                + " dev.unmask.training.TrainingApplication --server.port=8082");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--unmask.service-token=hunter2",
        "--spring.datasource.password=hunter2",
        "-Dspring.datasource.PASSWORD=hunter2",
        "-Dspring.application.json={\"spring.datasource.password\":\"hunter2\"}",
        "--spring.datasource.url=jdbc:postgresql://unmask:hunter2@127.0.0.1/unmask",
        "--spring.datasource.url=jdbc:postgresql://127.0.0.1/unmask?user=u&password=hunter2",
        "-Dhttp.proxy=http://hunter2@proxy:3128",
        "-javaagent:agent.jar=apiKey=hunter2",
        "--aws.secret-access-key=hunter2",
        "-Djavax.net.ssl.keyStorePassword=hunter2",
        "--unmask.identity.owner-token=a=hunter2",
        "--header=Authorization: Bearer hunter2"
      })
  void leavesOutSecrets(String argument) {
    String shown = CommandLine.shown(List.of("java", argument, "--last=1"));

    assertThat(shown)
        .startsWith("java ")
        .endsWith(" --last=1")
        .contains("***")
        .doesNotContain(SECRET);
    assertThat(shown).contains(argument.substring(0, 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--password", "--service-token", "-Dtoken", "--api-key"})
  void leavesOutASecretThatIsAnArgumentOfItsOwn(String name) {
    assertThat(CommandLine.shown(List.of("java", name, SECRET, "hunter3")))
        .isEqualTo("java " + name + " *** hunter3");
  }

  @Test
  void knowsTokensByTheirLooks() {
    String line =
        CommandLine.shown(List.of("java", "umk_abc.DEF-123", "x:eyJhbGciOiJFUzI1NiJ9.e30.s"));

    assertThat(line).isEqualTo("java *** x:***");
  }

  @Test
  void staysShorterThanATag() {
    assertThat(CommandLine.shown(List.of("java", "x".repeat(20_000)))).hasSizeLessThan(8_000);
  }

  @Test
  void takesNameAndPasswordOffTheAddressOfARepository() {
    assertThat(CommandLine.masked("https://ann:hunter2@host/team/repository.git"))
        .isEqualTo("https://***@host/team/repository.git");
    assertThat(CommandLine.masked("git@host:team/repository.git"))
        .isEqualTo("git@host:team/repository.git");
  }
}
