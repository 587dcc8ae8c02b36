package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Who a caller is: API tokens, and their exchange for the short-lived signed JWT that every service
 * verifies.
 */
@HttpExchange("/api/v1/identity")
public interface IdentityApi {

  /**
   * Trades an API token for a JWT of a few minutes' life; needs no other authentication.
   *
   * @return 200; 401 when the token is unknown, revoked or expired, 429 after too many wrong ones
   */
  @PostExchange("/exchange")
  ExchangedToken exchange(@Valid @RequestBody ExchangeRequest request);

  /** The public keys that the JWTs are signed with, as a JWK set (RFC 7517). */
  @GetExchange("/jwks")
  Map<String, Object> jwks();

  /** The caller itself. */
  @GetExchange("/me")
  Me me();

  /** The caller's own tokens that are not revoked, newest first; never their secret part. */
  @GetExchange("/tokens")
  List<TokenView> tokens();

  /**
   * Makes a token for the caller with at most the caller's role.
   *
   * @return 201 with the token, which is shown this once
   */
  @PostExchange("/tokens")
  ResponseEntity<CreatedToken> createToken(@Valid @RequestBody CreateToken request);

  /** Revokes one of the caller's own tokens; answers 204, or 404 when the caller has none such. */
  @DeleteExchange("/tokens/{id}")
  ResponseEntity<Void> revokeToken(@PathVariable String id);

  /**
   * @param token an API token, {@code umk_...}
   */
  record ExchangeRequest(@NotBlank @Size(max = 512) String token) {}

  /**
   * @param jwt to be sent as {@code Authorization: Bearer}
   * @param expiresAt when services stop to accept it
   */
  record ExchangedToken(String jwt, Instant expiresAt) {}

  /**
   * @param role wire name: viewer, member, maintainer, admin or service
   */
  record Me(String userId, String name, String teamId, String teamName, String role) {}

  /**
   * @param name what the token is for, told in lists
   * @param role least of the two: this and the caller's own; the caller's own where absent
   * @param expiresAt never where absent
   */
  record CreateToken(
      @NotBlank
          @Size(max = 100)
          @Pattern(regexp = "\\P{Cc}*", message = "must hold no control characters")
          String name,
      @Nullable @Pattern(regexp = "viewer|member|maintainer|admin") String role,
      @Nullable @Future Instant expiresAt) {}

  /**
   * @param hint the first characters, enough to recognise the token
   * @param lastUsedAt last exchange, to the minute
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TokenView(
      String id,
      String name,
      String role,
      String hint,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /**
   * @param token the secret; it can't be asked for again
   */
  record CreatedToken(String token, TokenView details) {}
}
