package dev.unmask.lm.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts and answers as JSON lines in UTF-8: an object a line, with {@code prompt} and {@code
 * answer} (texts), or with {@code messages} (a list of objects with {@code role} and {@code
 * content}, the last of the assistant). All lines of a file are of one kind. Other fields and blank
 * lines are passed over.
 *
 * @param examples at least one, in the order of the file
 */
public record AnswerCorpus(List<Example> examples) {
  public AnswerCorpus {
    examples = List.copyOf(examples);
  }

  /**
   * What a file holds.
   *
   * @param examples lines with an example
   * @param conversations whether they are {@code messages}
   */
  public record Summary(long examples, boolean conversations) {}

  /**
   * Reads a file into memory.
   *
   * @throws InvalidCorpusException if a line is not as it must be; names the line and the field
   * @throws UncheckedIOException if the file cannot be read
   */
  public static AnswerCorpus read(Path file) {
    List<Example> examples = new ArrayList<>();
    try (InputStream input = Files.newInputStream(file)) {
      ExampleReader.read(input, examples::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return new AnswerCorpus(examples);
  }

  /**
   * Checks a file without keeping more than a line of it: what an upload needs.
   *
   * @throws InvalidCorpusException if a line is not as it must be; names the line and the field
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Summary inspect(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return ExampleReader.read(input, example -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
