package dev.unmask.registry.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeCellsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\uFF1D1",
        "-"
      })
  void keepsSpreadsheetsFromSeeingAFormula(String text) {
    assertThat(SafeCells.guarded(text)).isEqualTo("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.5", "+1e-3", "-.5", "-3", "1e-4", "", "plain", "a=b", "a@b", "NaN"})
  void leavesNumbersAndOtherTextsAlone(String text) {
    assertThat(SafeCells.guarded(text)).isEqualTo(text);
  }
}
