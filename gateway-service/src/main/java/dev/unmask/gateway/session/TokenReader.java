package dev.unmask.gateway.session;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Finds the API token of a request: Bearer, the password of Basic (what MLflow's clients send when
 * they are given a user and a password), or the dashboard's cookie. A header wins over the cookie.
 */
@Component
public class TokenReader {
  private final SessionCookie cookie;

  TokenReader(SessionCookie cookie) {
    this.cookie = cookie;
  }

  public Optional<PresentedToken> read(ServerHttpRequest request) {
    String authorization = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
    if (authorization != null) {
      return ofHeader(authorization).map(token -> new PresentedToken(token, false));
    }
    HttpCookie sealed = request.getCookies().getFirst(SessionCookie.NAME);
    return sealed == null
        ? Optional.empty()
        : cookie.open(sealed.getValue()).map(token -> new PresentedToken(token, true));
  }

  private static Optional<ApiToken> ofHeader(String authorization) {
    int space = authorization.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    String value = authorization.substring(space + 1).strip();
    return switch (authorization.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> ApiToken.of(value);
      case "basic" -> Optional.ofNullable(passwordOf(value)).flatMap(ApiToken::of);
      default -> Optional.empty();
    };
  }

  private static @Nullable String passwordOf(String basic) {
    try {
      String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
