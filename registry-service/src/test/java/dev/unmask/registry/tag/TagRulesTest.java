package dev.unmask.registry.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.support.error.UnmaskException;
import org.junit.jupiter.api.Test;

class TagRulesTest {
  private static final String SMILE = "😀";

  @Test
  void cutsBetweenCharactersAndNotInsideOne() {
    assertThat(TagRules.cut("ab" + SMILE + "c", 3)).isEqualTo("ab" + SMILE);
    assertThat(TagRules.cut("ab" + SMILE, 2)).isEqualTo("ab");
    assertThat(TagRules.cut(SMILE.repeat(5), 5)).isEqualTo(SMILE.repeat(5));
    assertThat(TagRules.cut("abc", 3)).isEqualTo("abc");
    assertThat(TagRules.cut("", 3)).isEmpty();
  }

  @Test
  void countsCharactersAndNotTheirHalves() {
    assertThat(TagRules.atMost("value", SMILE.repeat(5), 5)).isEqualTo(SMILE.repeat(5));
    assertThatThrownBy(() -> TagRules.atMost("value", SMILE.repeat(6), 5))
        .isInstanceOf(UnmaskException.class)
        .hasMessageContaining("at most 5 characters, has 6");
    String letters = "𝐱".repeat(TagRules.KEY);
    assertThat(TagRules.key("key", letters)).isEqualTo(letters);
    assertThatThrownBy(() -> TagRules.key("key", letters + "x")).hasMessageContaining("has 251");
  }
}
