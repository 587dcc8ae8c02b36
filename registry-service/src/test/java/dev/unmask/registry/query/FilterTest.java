package dev.unmask.registry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "tags.mlflow.runName = 'a' | TAG | mlflow.runName",
        "tag.a = 'a' | TAG | a",
        "metrics.`train/loss x` > 1 | METRIC | train/loss x",
        "Metric.a > 1 | METRIC | a",
        "params.\"a b\" = 'c' | PARAM | a b",
        "param.'a' = 'c' | PARAM | a",
        "parameter.a = 'c' | PARAM | a",
        "parameters.a = 'c' | PARAM | a",
        "dataset.name = 'c' | DATASET | name",
        "datasets.digest IN ('c') | DATASET | digest",
        "name='x' | ATTRIBUTE | name",
        "`name` = 'x' | ATTRIBUTE | name",
        "attribute.status = 'x' | ATTRIBUTE | status",
        "attributes.status = 'x' | ATTRIBUTE | status",
        "attr.status = 'x' | ATTRIBUTE | status",
        "run.status = 'x' | ATTRIBUTE | status",
        "Run name = 'c' | ATTRIBUTE | run_name",
        "`run name` = 'c' | ATTRIBUTE | run_name",
        "attributes.`Run name` = 'c' | ATTRIBUTE | run_name",
      })
  void readsEveryKindOfIdentifier(String text, EntityKind kind, String key) {
    assertThat(only(text).identifier()).isEqualTo(new Identifier(kind, key));
  }

  @Test
  void readsEveryKindOfValue() {
    assertThat(only("metrics.a <= -1e-3").literal()).isEqualTo(number("-0.001"));
    assertThat(only("metrics.a <= +.50").literal()).isEqualTo(number("0.5"));
    assertThat(only("metrics.a <= 1.E+2").literal()).isEqualTo(number("100"));
    assertThat(only("start_time = 9007199254740993").literal())
        .isEqualTo(number("9007199254740993"));
    assertThat(only("params.a ilike \"%x\"").literal()).isEqualTo(new Literal.Text("%x"));
    assertThat(only("params.a LIKE 'x\\\\'").literal()).isEqualTo(new Literal.Text("x\\\\"));
    assertThat(only("run_id NOT IN ('a', \"b\")"))
        .isEqualTo(
            new Comparison(
                new Identifier(EntityKind.ATTRIBUTE, "run_id"),
                Operator.NOT_IN,
                new Literal.Texts(List.of("a", "b"))));
  }

  @Test
  void joinsClausesByAndInAnyCase() {
    assertThat(Filter.parse("a = 'x' and b != 'y' AND metrics.c > 1").comparisons()).hasSize(3);
    assertThat(Filter.parse("a = 'x' AND").comparisons()).hasSize(1);
    assertThat(Filter.parse("AND").comparisons()).isEmpty();
    assertThat(Filter.parse(null).comparisons()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "a",
        "a =",
        "a = x",
        "a = 'x",
        "a = 'x' b = 'y'",
        "a = 'x' OR b = 'y'",
        "(a = 'x')",
        "a ~ 'x'",
        "a IN 'x'x",
        "a IN ()",
        "a NOT 'x'",
        "tags. = 'x'",
        "= 'x'",
        "a = 'x'; drop",
        "a.b = 'x'",
        "a IN (`x`)",
        "a = 1d",
        "a = NaN",
        "a = 0x1p3",
        "a = 1e999",
        "a = 1e-9999",
        "a = 1e99999999999",
        "a LIKE 'x\\'"
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessageContaining("Invalid filter");
  }

  @Test
  void makesParametersOfWhatTheCallerWrote() {
    SqlConditions conditions =
        new SqlConditions()
            .andEntry("run_tags", "t.run_uid = r.uid", only("tags.`x' OR 1=1` = '\"; DROP'"));

    assertThat(conditions.sql()).doesNotContain("OR 1=1").doesNotContain("DROP");
    assertThat(conditions.parameters()).containsExactly("x' OR 1=1", "\"; DROP");
  }

  @Test
  void readsOrdersWithTheirDirection() {
    assertThat(OrderClause.parseAll(List.of("metrics.`a b` DESC", "start_time")))
        .containsExactly(
            new OrderClause(new Identifier(EntityKind.METRIC, "a b"), false),
            new OrderClause(new Identifier(EntityKind.ATTRIBUTE, "start_time"), true));
  }

  private static Literal number(String value) {
    return new Literal.Number(new BigDecimal(value));
  }

  private static Comparison only(String text) {
    return Filter.parse(text).comparisons().getFirst();
  }
}
