package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Filters that the language can say, whether or not they mean anything, and ways to write them. */
final class RandomFilters {
  private static final String LETTERS =
      "aZ09_.-/:+ \t\n%\\()=<>!,;'\"`éßİσΣς\u0301\u00a0\u2028中𝐱😀";

  private final Random random;

  RandomFilters(long seed) {
    this.random = new Random(seed);
  }

  Filter next() {
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      comparisons.add(comparison());
    }
    return new Filter(comparisons);
  }

  private Comparison comparison() {
    Identifier identifier = new Identifier(any(EntityKind.values()), key());
    Operator operator = any(Operator.values());
    Literal literal =
        switch (random.nextInt(3)) {
          case 0 -> new Literal.Number(number());
          case 1 -> new Literal.Texts(List.of(text(), text()).subList(0, 1 + random.nextInt(2)));
          default -> new Literal.Text(operator.isPattern() ? text().replace("\\", "\\\\") : text());
        };
    return new Comparison(identifier, operator, literal);
  }

  private String key() {
    String key = letters(12).replace(any("'", "\"", "`"), "");
    return key.isEmpty() || key.equalsIgnoreCase("run name") ? "k" : key;
  }

  private String text() {
    return letters(20).replace(any("'", "\""), "");
  }

  private String letters(int most) {
    int[] all = LETTERS.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.appendCodePoint(all[random.nextInt(all.length)]);
    }
    return text.toString();
  }

  private BigDecimal number() {
    BigDecimal value =
        new BigDecimal(new BigInteger(1 + random.nextInt(90), random), random.nextInt(61) - 20);
    return random.nextBoolean() ? value : value.negate();
  }

  /** The same filter by other names, blanks, cases of letters, quotes and forms of numbers. */
  String respelled(Filter filter) {
    StringBuilder text = new StringBuilder();
    for (Comparison comparison : filter.comparisons()) {
      text.append(text.isEmpty() ? blanks() : " " + blanks() + anyCase("and") + " " + blanks())
          .append(identifier(comparison.identifier()))
          .append(" ")
          .append(blanks())
          .append(anyCase(comparison.operator().symbol()).replace(" ", " " + blanks()))
          .append(comparison.operator().isOrdering() ? blanks() : " ")
          .append(literal(comparison.literal()))
          .append(blanks());
    }
    return text.append(random.nextBoolean() ? " and " : "").toString();
  }

  private String identifier(Identifier identifier) {
    String name =
        switch (identifier.kind()) {
          case ATTRIBUTE -> any("attributes", "attribute", "attr", "run");
          case METRIC -> any("metrics", "metric");
          case PARAM -> any("params", "param", "parameters", "parameter");
          case TAG -> any("tags", "tag");
          case DATASET -> any("datasets", "dataset");
        };
    return anyCase(name) + "." + quoted(identifier.key(), "`", "\"", "'");
  }

  private String literal(Literal literal) {
    return switch (literal) {
      case Literal.Text(String value) -> quoted(value, "'", "\"");
      case Literal.Texts(List<String> values) ->
          values.stream()
              .map(value -> blanks() + quoted(value, "\"", "'") + blanks())
              .reduce((a, b) -> a + "," + b)
              .map(list -> "(" + list + ")")
              .orElseThrow();
      case Literal.Number(BigDecimal value) ->
          random.nextBoolean() ? value.toPlainString() : value.toString().toLowerCase(Locale.ROOT);
    };
  }

  private String quoted(String text, String... quotes) {
    String quote;
    do {
      quote = any(quotes);
    } while (text.contains(quote));
    return quote + text + quote;
  }

  private String anyCase(String word) {
    return random.nextBoolean() ? word.toUpperCase(Locale.ROOT) : word.toLowerCase(Locale.ROOT);
  }

  private String blanks() {
    return any("", "", " ", "\t\n");
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
