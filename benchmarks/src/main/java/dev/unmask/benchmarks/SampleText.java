package dev.unmask.benchmarks;

import dev.unmask.lm.corpus.ArchiveDocuments;
import dev.unmask.lm.corpus.Corpus;
import dev.unmask.lm.corpus.CorpusSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Real text: the Java sources that the build fetched. */
final class SampleText {

  private static final double VALIDATION_SHARE = 0.05;

  private SampleText() {}

  /**
   * @throws IllegalArgumentException if the folder holds no archive
   */
  static CorpusSplit read(Path folder) {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith("-sources.jar"))
          .sorted()
          .forEach(archive -> texts.addAll(ArchiveDocuments.read(archive, ".java")));
    } catch (IOException e) {
      throw new UncheckedIOException("no sample text in " + folder + ": build again", e);
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("no sample text in " + folder + ": build again");
    }
    return CorpusSplit.of(Corpus.of(texts), VALIDATION_SHARE);
  }
}
