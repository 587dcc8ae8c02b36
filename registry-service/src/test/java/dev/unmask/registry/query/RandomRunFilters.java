package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Filters that mean something for runs, by keys and values that some of the runs have. */
final class RandomRunFilters {
  private static final List<Operator> FOR_NUMBERS =
      List.of(
          Operator.EQUAL,
          Operator.NOT_EQUAL,
          Operator.GREATER,
          Operator.GREATER_OR_EQUAL,
          Operator.LESS,
          Operator.LESS_OR_EQUAL);
  private static final List<Operator> FOR_TEXTS =
      List.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.LIKE, Operator.ILIKE);
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "-3",
          "0.1",
          "0.5",
          "-0.5",
          "1e-400",
          "4.9e-324",
          "1.0000000000000000000001",
          "1772352000000",
          "9007199254740992",
          "9007199254740992.5",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775807.5",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775808.5",
          "-9223372036854775809",
          "1.7976931348623157e308",
          "-1.7976931348623157e308");

  private final Random random;
  private final List<SampleRun> runs;

  RandomRunFilters(long seed, List<SampleRun> runs) {
    this.random = new Random(seed);
    this.runs = runs;
  }

  Filter next() {
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 1 + random.nextInt(random.nextInt(3) + 1); i > 0; i--) {
      comparisons.add(comparison());
    }
    return new Filter(comparisons);
  }

  private Comparison comparison() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> numeric(new Identifier(EntityKind.METRIC, key()));
      case 2 -> numeric(attribute(any(List.of("start_time", "end_time", "created", "Created"))));
      case 3 -> textual(new Identifier(EntityKind.PARAM, key()));
      case 4 -> textual(new Identifier(EntityKind.TAG, any(List.of(key(), "mlflow.runName"))));
      default -> textAttribute();
    };
  }

  private Comparison textAttribute() {
    return switch (random.nextInt(6)) {
      case 0 -> new Comparison(attribute("run_id"), any(FOR_TEXTS), new Literal.Text(runId()));
      case 1 ->
          new Comparison(
              attribute("run_id"),
              any(List.of(Operator.IN, Operator.NOT_IN)),
              new Literal.Texts(List.of(runId(), runId(), any(RandomRuns.PIECES.subList(0, 5)))));
      case 2 -> pattern(attribute("artifact_uri"), "%/" + runId().substring(0, 1) + "%_/artifacts");
      case 3 ->
          new Comparison(
              attribute("status"), any(FOR_TEXTS), new Literal.Text(any(RandomRuns.STATUSES)));
      case 4 -> textual(attribute("user_id"));
      default -> textual(attribute("run_name"));
    };
  }

  private Comparison numeric(Identifier identifier) {
    BigDecimal value = new BigDecimal(any(NUMBERS));
    return new Comparison(identifier, any(FOR_NUMBERS), new Literal.Number(value));
  }

  private Comparison textual(Identifier identifier) {
    Operator operator = any(FOR_TEXTS);
    if (operator.isPattern()) {
      return new Comparison(identifier, operator, new Literal.Text(pattern()));
    }
    return new Comparison(
        identifier,
        operator,
        new Literal.Text(writable(RandomRuns.text(random, RandomRuns.PIECES))));
  }

  private Comparison pattern(Identifier identifier, String pattern) {
    return new Comparison(
        identifier, any(List.of(Operator.LIKE, Operator.ILIKE)), new Literal.Text(pattern));
  }

  private String pattern() {
    List<String> pieces = new ArrayList<>(RandomRuns.PIECES);
    pieces.remove("\\");
    pieces.addAll(List.of("\\\\", "\\%", "\\_", "\\a", "\\É", "%", "%", "%", "_", "_"));
    return writable(RandomRuns.text(random, pieces) + (random.nextBoolean() ? "%" : ""));
  }

  /** A text literal holds one kind of quotes only. */
  private String writable(String text) {
    return text.replace(random.nextBoolean() ? "'" : "\"", "");
  }

  private String runId() {
    return any(runs).id();
  }

  private String key() {
    return random.nextInt(20) == 0 ? "never logged" : any(RandomRuns.KEYS);
  }

  private static Identifier attribute(String key) {
    return new Identifier(EntityKind.ATTRIBUTE, key);
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
