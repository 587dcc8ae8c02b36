package dev.unmask.benchmarks;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says beyond the names.
 *
 * @param quick fewer repeats: shows that it runs, not how fast
 * @param model directory of a model to decode with; otherwise one is trained
 * @param trainMinutes how long to train that model; 0 where it is not said
 * @param corpus directory with the archives of the sample text
 * @param work directory for what is kept between runs
 * @param text a text file to learn characters from
 * @param steps optimizer steps of each method that is compared
 * @param plot file to draw results in, as SVG
 * @param only names of the cases to measure; all where none is named
 */
public record Options(
    boolean quick,
    Optional<Path> model,
    double trainMinutes,
    Path corpus,
    Path work,
    Path text,
    int steps,
    Optional<Path> plot,
    List<String> only) {

  private static final int NOT_GIVEN = 0;
  private static final Path TEXT = Path.of("..", "shared", "data", "tinyshakespeare.txt");
  private static final int STEPS = 4_000;

  /**
   * @param arguments what follows the names
   * @throws IllegalArgumentException naming an option that is unknown or lacks its value
   */
  static Options parse(List<String> arguments, Path corpus, Path work) {
    Options options =
        new Options(
            false,
            Optional.empty(),
            NOT_GIVEN,
            corpus,
            work,
            TEXT,
            STEPS,
            Optional.empty(),
            List.of());
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      options =
          switch (option) {
            case "--quick" -> options.quickly();
            case "--model" -> options.decodingWith(Path.of(value(option, rest)));
            case "--train-minutes" -> options.training(minutes(value(option, rest)));
            case "--text" -> options.reading(Path.of(value(option, rest)));
            case "--plot" -> options.drawing(Path.of(value(option, rest)));
            case "--only" -> options.measuring(List.of(value(option, rest).split(",", -1)));
            case "--steps" -> options.stepping(steps(value(option, rest)));
            default -> throw new IllegalArgumentException("unknown option " + option);
          };
    }
    return options;
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static double minutes(String value) {
    try {
      double minutes = Double.parseDouble(value);
      if (minutes > 0 && minutes <= 600) {
        return minutes;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--train-minutes must be a number, was " + value, e);
    }
    throw new IllegalArgumentException("--train-minutes must be in (0, 600], was " + value);
  }

  private Options quickly() {
    return new Options(true, model, trainMinutes, corpus, work, text, steps, plot, only);
  }

  private Options decodingWith(Path directory) {
    return new Options(
        quick, Optional.of(directory), trainMinutes, corpus, work, text, steps, plot, only);
  }

  private Options training(double minutes) {
    return new Options(quick, model, minutes, corpus, work, text, steps, plot, only);
  }

  private Options reading(Path file) {
    return new Options(quick, model, trainMinutes, corpus, work, file, steps, plot, only);
  }

  private Options drawing(Path file) {
    return new Options(
        quick, model, trainMinutes, corpus, work, text, steps, Optional.of(file), only);
  }

  private Options stepping(int number) {
    return new Options(quick, model, trainMinutes, corpus, work, text, number, plot, only);
  }

  private Options measuring(List<String> cases) {
    return new Options(quick, model, trainMinutes, corpus, work, text, steps, plot, cases);
  }

  private static int steps(String value) {
    try {
      int steps = Integer.parseInt(value);
      if (steps > 0) {
        return steps;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--steps must be a number, was " + value, e);
    }
    throw new IllegalArgumentException("--steps must be positive, was " + value);
  }

  /** How long to train, or what a benchmark takes where it is not said. */
  double trainMinutes(double usual) {
    return trainMinutes == NOT_GIVEN ? usual : trainMinutes;
  }

  /** The number of repeats, or a small one when only showing that it runs. */
  public int repeats(int number) {
    return quick ? Math.min(2, number) : number;
  }
}
