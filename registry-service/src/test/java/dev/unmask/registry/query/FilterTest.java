package dev.unmask.registry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  @Test
  void readsEveryKindOfIdentifier() {
    assertThat(only("tags.mlflow.runName = 'a'").identifier())
        .isEqualTo(new Identifier("tags", "mlflow.runName"));
    assertThat(only("metrics.`train/loss x` > 1").identifier())
        .isEqualTo(new Identifier("metrics", "train/loss x"));
    assertThat(only("params.\"a b\" = 'c'").identifier())
        .isEqualTo(new Identifier("params", "a b"));
    assertThat(only("Run name = 'c'").identifier()).isEqualTo(new Identifier(null, "run_name"));
    assertThat(only("name='x'").identifier()).isEqualTo(new Identifier(null, "name"));
  }

  @Test
  void readsEveryKindOfValue() {
    assertThat(only("metrics.a <= -1e-3").literal()).isEqualTo(new Literal.Number(-1e-3));
    assertThat(only("params.a ilike \"%x\"").literal()).isEqualTo(new Literal.Text("%x"));
    assertThat(only("run_id NOT IN ('a', \"b\")"))
        .isEqualTo(
            new Comparison(
                new Identifier(null, "run_id"),
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
        "a = 'x'; drop"
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
            new OrderClause(new Identifier("metrics", "a b"), false),
            new OrderClause(new Identifier(null, "start_time"), true));
  }

  private static Comparison only(String text) {
    return Filter.parse(text).comparisons().getFirst();
  }
}
