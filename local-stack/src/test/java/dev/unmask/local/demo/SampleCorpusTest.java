package dev.unmask.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCorpusTest {
  private static final Path ARCHIVES = Path.of("target/corpus");

  @TempDir Path folder;

  @Test
  void isMoreThanFiveMegabytesOfSeparateFilesWithoutTheirLicenceHeader() throws Exception {
    Path text = folder.resolve("corpus.txt");

    new SampleCorpus(ARCHIVES).writeTo(text);

    String corpus = Files.readString(text);
    assertThat(corpus.length()).isGreaterThan(5_000_000);
    assertThat(corpus.split("\f", -1).length).isGreaterThan(800);
    assertThat(corpus)
        .contains("public class StringUtils")
        .doesNotContain("Licensed to the Apache");
  }

  @Test
  void refusesAnArchiveThatIsNotTheOneItShouldBe() throws Exception {
    try (var archives = Files.list(ARCHIVES)) {
      for (Path archive : archives.toList()) {
        Files.writeString(folder.resolve(archive.getFileName()), "something else");
      }
    }

    assertThatThrownBy(() -> new SampleCorpus(folder).writeTo(folder.resolve("corpus.txt")))
        .isInstanceOf(DemoFailure.class)
        .hasMessageContaining("has SHA-256")
        .hasMessageContaining("delete it and build again");
  }
}
