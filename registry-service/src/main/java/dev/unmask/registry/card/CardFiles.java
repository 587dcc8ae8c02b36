package dev.unmask.registry.card;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.ArtifactService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Settings that lie in small JSON files of a version. */
@Component
class CardFiles {
  private static final Logger log = LoggerFactory.getLogger(CardFiles.class);
  private static final int LARGEST = 1 << 20;

  private final ArtifactService artifacts;
  private final JsonMapper json;

  CardFiles(ArtifactService artifacts, JsonMapper json) {
    this.artifacts = artifacts;
    this.json = json;
  }

  /** Fields of a file that are neither lists nor objects; none where it is absent or no JSON. */
  SortedMap<String, String> scalars(List<Artifact> manifest, String path) {
    SortedMap<String, String> scalars = new TreeMap<>();
    manifest.stream()
        .filter(file -> file.path().equals(path) && file.blob().size() <= LARGEST)
        .findFirst()
        .ifPresent(
            file ->
                read(file).properties().stream()
                    .filter(field -> field.getValue().isValueNode())
                    .forEach(field -> scalars.put(field.getKey(), text(field))));
    return scalars;
  }

  private static String text(Map.Entry<String, JsonNode> field) {
    return field.getValue().asString();
  }

  private JsonNode read(Artifact file) {
    try (InputStream content = Files.newInputStream(artifacts.content(file.blob()))) {
      return json.readTree(content);
    } catch (IOException | JacksonException unreadable) {
      log.warn("a card leaves out {}: {}", file.path(), unreadable.getClass().getSimpleName());
      return json.createObjectNode();
    }
  }
}
