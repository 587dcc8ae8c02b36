package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.query.InvalidQueryException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTokenTest {

  @ParameterizedTest
  @ValueSource(
      doubles = {0.1, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -1e308})
  void keepsEveryBitOfItsPoint(double value) {
    HistoryToken token = new HistoryToken(new Point(Long.MIN_VALUE, Long.MAX_VALUE, value));

    assertThat(HistoryToken.parse(token.encoded())).isEqualTo(token);
  }

  @Test
  void isAbsentOnTheFirstPage() {
    assertThat(HistoryToken.parse(null)).isNull();
    assertThat(HistoryToken.parse("")).isNull();
  }

  @Test
  void takesTokensThatCountFromTheBeginning() {
    String mlflows = "eyJvZmZzZXQiOiAyNTAwMH0=";

    assertThat(HistoryToken.parse(mlflows)).isEqualTo(new HistoryToken(Point.BEFORE_ALL, 25_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"after\": [1, 2]}",
        "{\"after\": [99999999999999999999, 2, \"0\"]}",
        "{\"after\": [9999999999999999999, 2, \"0\"]}",
        "nonsense"
      })
  void refusesWhatItDidNotMake(String plain) {
    String text = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> HistoryToken.parse(text)).isInstanceOf(InvalidQueryException.class);
    assertThatThrownBy(() -> HistoryToken.parse("%%"))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessageContaining("Invalid page token, could not base64-decode");
  }
}
