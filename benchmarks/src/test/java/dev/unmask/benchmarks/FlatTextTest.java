package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlatTextTest {

  @Test
  void keepsWordsAndLinesButNoIndentationOrBlankLines() {
    assertThat(FlatText.of("/**\r\n *  Adds.\n */\n\n\n\tint  a() {\n        return 1; \n    }\n"))
        .isEqualTo("/**\n* Adds.\n*/\nint a() {\nreturn 1;\n}");
  }
}
