package dev.unmask.lm.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A folder of reference numbers produced by the published code of a method. The folder of all cases
 * is the system property {@code fixtures.dir}; tests are skipped where it is absent.
 */
public record FixtureCase(Path directory, JsonObject json) {
  private static final Path ROOT =
      Path.of(System.getProperty("fixtures.dir", "../../shared/fixtures/given"));

  /** The cases of a family whose kind is one of {@code kinds}, ordered by name. */
  public static Stream<FixtureCase> ofKinds(String family, String... kinds) {
    Path folder = ROOT.resolve(family);
    requirePresent(folder);
    List<String> wanted = Arrays.asList(kinds);
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .sorted()
          .filter(path -> Files.isRegularFile(path.resolve("case.json")))
          .map(path -> new FixtureCase(path, read(path.resolve("case.json"))))
          .filter(fixture -> wanted.contains(fixture.kind()))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every case of every family. */
  public static Stream<FixtureCase> all() {
    requirePresent(ROOT);
    try (Stream<Path> files = Files.walk(ROOT, 3)) {
      return files
          .filter(file -> file.endsWith("case.json"))
          .sorted()
          .map(file -> new FixtureCase(file.getParent(), read(file)))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requirePresent(Path folder) {
    if (!Files.isDirectory(folder)) {
      System.err.println("SKIPPED: no reference fixtures at " + folder.toAbsolutePath());
    }
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "no reference fixtures at " + folder.toAbsolutePath());
  }

  /** What is compared: cases of one kind hold the same tensors. */
  public String kind() {
    return json.get("kind").getAsString();
  }

  private static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Family and case, for the test's display name. */
  public String name() {
    return directory.getParent().getFileName() + "/" + directory.getFileName();
  }

  /** The family of the published code, also of a loader case. */
  public String family() {
    JsonObject source = json.getAsJsonObject("source");
    String described = directory.getFileName() + " " + source;
    return described.startsWith("radd") ? "radd" : json.get("family").getAsString();
  }

  public JsonObject params() {
    return json.getAsJsonObject("params");
  }

  public double tolerance(String name) {
    return json.getAsJsonObject("tolerance").get(name).getAsDouble();
  }

  /** Inputs, recorded random numbers and outputs; closed by the caller. */
  public Safetensors expected() {
    return Safetensors.open(directory.resolve("expected.safetensors"));
  }

  /** The name, which reports of parameterised tests show. */
  @Override
  public String toString() {
    return name();
  }
}
