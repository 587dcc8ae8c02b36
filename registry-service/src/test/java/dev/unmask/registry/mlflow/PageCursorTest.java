package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PageCursorTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "model/é 文.txt", "m-0123", "a??>>", "x\u00a0y"})
  void readsBackWhatItWrote(String name) {
    assertThat(PageCursor.token(name)).matches("[\\w\\-=]+");
    assertThat(PageCursor.of(request(PageCursor.token(name)))).isEqualTo(name);
  }

  @Test
  void isAbsentOnTheFirstPage() {
    assertThat(PageCursor.of(request(""))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a b", "_w==", "AAAA"})
  void refusesWhatIsNoNameInBase64(String token) {
    assertThatThrownBy(() -> PageCursor.of(request(token)))
        .hasMessage("Invalid page token, could not base64-decode");
  }

  private static MlflowRequest request(String token) {
    return new MlflowRequest(JsonMapper.shared().createObjectNode().put("page_token", token));
  }
}
