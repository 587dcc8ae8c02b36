package dev.unmask.benchmarks;

import dev.unmask.benchmarks.registry.RegistryBenchmark;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command behind {@code benchmarks/run}: results on standard output, progress on the other. */
public final class Benchmarks {

  private static final List<Benchmark> ALL =
      List.of(
          new LibraryBenchmark(),
          new TrainingBenchmark(),
          new DecodingBenchmark(),
          new PrecisionBenchmark(),
          new ProfileBenchmark(),
          new TokenizerBenchmark(),
          new MethodsBenchmark(),
          new ScalingBenchmark(),
          new ConversionBenchmark(),
          new QualityBenchmark(),
          new RegistryBenchmark());
  private static final int USAGE_ERROR = 2;

  private Benchmarks() {}

  /** Runs the benchmarks named; exits with 2 when the command line is wrong. */
  public static void main(String[] arguments) {
    Path home = Path.of(System.getProperty("unmask.benchmarks.directory", "benchmarks/target"));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int status = run(List.of(arguments), home, out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments, Path home, PrintStream out, PrintStream err) {
    if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
      (arguments.isEmpty() ? err : out).print(help());
      return arguments.isEmpty() ? USAGE_ERROR : 0;
    }
    try {
      List<Benchmark> chosen = new ArrayList<>();
      int at = 0;
      while (at < arguments.size() && !arguments.get(at).startsWith("-")) {
        chosen.addAll(named(arguments.get(at++)));
      }
      if (chosen.isEmpty()) {
        throw new IllegalArgumentException("name a benchmark before the options");
      }
      Options options =
          Options.parse(
              arguments.subList(at, arguments.size()),
              home.resolve("corpus"),
              home.resolve("benchmark"));
      for (Benchmark benchmark : chosen) {
        out.println(benchmark.machine().json());
        benchmark.run(options, result -> out.println(result.json()));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      err.println("benchmarks: " + e.getMessage());
      err.print(help());
      return USAGE_ERROR;
    }
  }

  private static List<Benchmark> named(String name) {
    if (name.equals("all")) {
      return ALL;
    }
    List<Benchmark> found = ALL.stream().filter(each -> each.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException("unknown benchmark " + name);
    }
    return found;
  }

  static String help() {
    StringBuilder help =
        new StringBuilder(
            """
            Usage: benchmarks/run NAME... [OPTION...]
            Prints one JSON object a line: benchmark, case, value (a median), unit, goal, met.

            Names:
            """);
    for (Benchmark benchmark : ALL) {
      help.append("  %-10s %s%n".formatted(benchmark.name(), benchmark.description()));
    }
    return help.append(
            """
              all        each of them (methods and scaling take up to an hour each on two cores,
                         one process a core, conversion and quality half of one; all but quality
                         go on where they were cut off; registry takes a quarter of one)

            Options:
              --quick              few repeats: shows that it runs, not how fast
              --model DIR          decode with this model instead of training one
              --train-minutes N    time to train the model that decoding (4) or quality (12) needs; kept
              --text FILE          characters to compare methods on (tinyshakespeare beside the project)
              --steps N            optimizer steps of each compared method (4000)
              --only CASE,...      of registry: these cases alone
              --plot FILE          draw the scaling sweep there, as SVG
              --help               this text
            """)
        .toString();
  }
}
