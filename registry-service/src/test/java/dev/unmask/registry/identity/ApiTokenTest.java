package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiTokenTest {
  private final ApiToken token = ApiToken.random(new SecureRandom());

  @Test
  void hasAPrefixThatScannersFindAndAChecksum() {
    assertThat(token.secret()).matches("umk_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}");
    assertThat(token.plausible()).isTrue();
  }

  @Test
  void isNotPlausibleWithAnyCharacterChanged() {
    for (int i = 4; i < token.secret().length(); i++) {
      char other = token.secret().charAt(i) == 'A' ? 'B' : 'A';
      String mistyped = token.secret().substring(0, i) + other + token.secret().substring(i + 1);
      assertThat(new ApiToken(mistyped).plausible()).as("position " + i).isFalse();
    }
    assertThat(new ApiToken(token.secret() + "x").plausible()).isFalse();
  }

  @Test
  void tellsLittleWhenItIsPrinted() {
    assertThat(token.toString()).doesNotContain(token.secret().substring(12));
    assertThat(token.hint()).hasSize(8);
  }
}
