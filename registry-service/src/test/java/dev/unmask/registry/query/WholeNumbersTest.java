package dev.unmask.registry.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeNumbersTest {

  @ParameterizedTest
  @CsvSource({
    "c > 2, c > ?, 2",
    "c >= 2, c >= ?, 2",
    "c = 2.0, c = ?, 2",
    "c != -3, c <> ?, -3",
    "c > 2.5, c > ?, 2",
    "c >= 2.5, c > ?, 2",
    "c < 2.5, c < ?, 3",
    "c <= 2.5, c < ?, 3",
    "c < -2.5, c < ?, -2",
    "c = 2.5, FALSE,",
    "c != 2.5, c IS NOT NULL,",
    "c > 1e30, FALSE,",
    "c < 1e30, c IS NOT NULL,",
    "c > -1e30, c IS NOT NULL,",
    "c <= -1e30, FALSE,",
    "c = 1e30, FALSE,",
    "c >= -9223372036854775808, c >= ?, -9223372036854775808",
  })
  void asksTheSameOfWholeNumbers(String filter, String condition, @Nullable Long value) {
    SqlConditions where = new SqlConditions().andInteger("c", only(filter));

    assertThat(where.sql()).isEqualTo("TRUE AND " + condition);
    assertThat(where.parameters()).isEqualTo(value == null ? List.of() : List.of(value));
  }

  @ParameterizedTest
  @CsvSource({"c > 2, c < ?, -3", "c <= 2.5, c > ?, -4", "c = 0, c = ?, -1"})
  void reversesForTheComplement(String filter, String condition, long value) {
    SqlConditions where = new SqlConditions().andComplement("c", only(filter));

    assertThat(where.sql()).isEqualTo("TRUE AND " + condition);
    assertThat(where.parameters()).containsExactly(value);
  }

  private static Comparison only(String filter) {
    return Filter.parse(filter).comparisons().getFirst();
  }
}
