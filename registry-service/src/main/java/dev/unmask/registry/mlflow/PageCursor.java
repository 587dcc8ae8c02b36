package dev.unmask.registry.mlflow;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Page tokens that name the last thing of the page before; opaque to callers. */
final class PageCursor {

  private PageCursor() {}

  /** What the request's token names; null for the first page. */
  static @Nullable String of(MlflowRequest request) {
    String token = request.text("page_token", "");
    if (token.isEmpty()) {
      return null;
    }
    try {
      String name =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(java.nio.ByteBuffer.wrap(Base64.getUrlDecoder().decode(token)))
              .toString();
      if (!name.isEmpty() && name.chars().noneMatch(Character::isISOControl)) {
        return name;
      }
    } catch (IllegalArgumentException | CharacterCodingException broken) {
      // told below like any other token that is none of ours
    }
    throw MlflowRequest.fault("Invalid page token, could not base64-decode");
  }

  static String token(String last) {
    return Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }
}
