package dev.unmask.gateway.session;

import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the registry gave for a token.
 *
 * @param jwt goes to the services, which verify it
 * @param expiresAt from here on the jwt is worth nothing
 */
public record Identity(String jwt, Instant expiresAt) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** A claim for display; the services, not the gateway, decide by the signed claims. */
  @Nullable String claim(String name) {
    try {
      String[] parts = jwt.split("\\.", -1);
      if (parts.length != 3) {
        return null;
      }
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      return claims.path(name).asString(null);
    } catch (IllegalArgumentException | JacksonException notReadable) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "Identity[until " + expiresAt + "]";
  }
}
