package dev.unmask.registry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysetTokenTest {
  private static final List<@Nullable Object> POSITION =
      Arrays.asList(2L, -0.5, null, "Käse, 東", Double.NEGATIVE_INFINITY, "", Long.MIN_VALUE);

  @Test
  void keepsEveryKindOfValue() {
    String token = KeysetToken.encode("runs of a", POSITION);

    assertThat(KeysetToken.decode(token, "runs of a")).isEqualTo(POSITION);
  }

  @Test
  void isAbsentOnTheFirstPage() {
    assertThat(KeysetToken.decode(null, "x")).isNull();
    assertThat(KeysetToken.decode("", "x")).isNull();
  }

  @Test
  void isGoodForItsOwnSearchOnly() {
    String token = KeysetToken.encode("runs of a", POSITION);

    assertThatThrownBy(() -> KeysetToken.decode(token, "runs of b"))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessageContaining("not made by this server for this search");
  }

  @Test
  void isRefusedWhenAnyByteOfItChanged() {
    byte[] bytes = Base64.getUrlDecoder().decode(KeysetToken.encode("x", POSITION));
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);

      assertThatThrownBy(() -> KeysetToken.decode(token, "x"))
          .isInstanceOf(InvalidQueryException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%%", "a b", "eyJvZmZzZXQiOiAzfQ==", "eyJvZmZzZXQiOiAzfQ", "AAAA", "null"})
  void refusesNonsenseAndOffsets(String token) {
    assertThatThrownBy(() -> KeysetToken.decode(token, "x"))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessageContaining("Invalid page token");
  }
}
