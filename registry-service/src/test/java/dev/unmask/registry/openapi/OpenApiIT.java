package dev.unmask.registry.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Keeps {@code docs/api/registry.json} to what the registry serves. */
class OpenApiIT {
  private static final Path FILE = Path.of("../docs/api/registry.json");
  private static final String RENEW =
      "mvn verify -pl registry-service -am -Dtest=none -Dit.test=OpenApiIT"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false"
          + " -Dopenapi.renew=true";

  private static final RegistryServer REGISTRY = RegistryServer.shared();
  private static final OpenApiDocument DOCUMENT =
      new OpenApiDocument(
          Javadocs.of(
              Path.of("../apis/registry-api/src/main/java"),
              Path.of("../service-support/src/main/java/dev/unmask/support/error"),
              Path.of("src/main/java")),
          NativeRoute.of(REGISTRY));

  @Test
  void describesEveryRoute() {
    assertThat(DOCUMENT.undocumented())
        .as("write a sentence of Javadoc on each method, in the API's interface if it is there")
        .isEmpty();
  }

  @Test
  void isCurrent() throws IOException {
    String current =
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(DOCUMENT.root())
                .replace("\r\n", "\n")
            + "\n";
    if (Boolean.getBoolean("openapi.renew")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, current);
    }

    assertThat(Files.exists(FILE) ? Files.readString(FILE) : "")
        .as("docs/api/registry.json is not what the registry serves; to renew it:\n" + RENEW)
        .isEqualTo(current);
  }

  @Test
  void servesThePage() {
    Answer answer = REGISTRY.owner().get("/api/v1/registry/openapi.json");

    assertThat(answer.status()).as(answer::toString).isEqualTo(200);
    JsonNode served = answer.json();
    assertThat(served.get("openapi").stringValue()).isEqualTo("3.1.0");
    JsonNode search = served.at("/paths/~1api~1v1~1registry~1runs~1search/post");
    assertThat(search.get("x-required-role").stringValue()).isEqualTo("viewer");
    assertThat(search.at("/requestBody/content/application~1json/schema/$ref").stringValue())
        .isEqualTo("#/components/schemas/Runs.RunQuery");
    assertThat(
            search.at("/responses/400/content/application~1problem+json/schema/$ref").stringValue())
        .isEqualTo("#/components/schemas/Problem");
    assertThat(served.at("/components/schemas/Runs.RunQuery/properties/size/maximum").asInt())
        .isEqualTo(1_000);
  }

  @Test
  void refersToNothingThatIsNotThere() {
    List<String> broken =
        DOCUMENT.root().findValuesAsString("$ref").stream()
            .map(reference -> reference.substring(1))
            .filter(pointer -> DOCUMENT.root().at(pointer).isMissingNode())
            .toList();

    assertThat(broken).isEmpty();
  }
}
