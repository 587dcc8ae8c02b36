package dev.unmask.gateway.session;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Signing in and out of the dashboard. */
@RestController
@RequestMapping("/api/v1/session")
class SessionController {
  private final TokenExchange exchange;
  private final SessionCookie cookie;
  private final TokenReader tokens;

  SessionController(TokenExchange exchange, SessionCookie cookie, TokenReader tokens) {
    this.exchange = exchange;
    this.cookie = cookie;
    this.tokens = tokens;
  }

  /** Checks the token at the registry and hands the browser a cookie for it. */
  @PostMapping
  Mono<ResponseEntity<SessionView>> signIn(@RequestBody SignIn body, ServerHttpRequest request) {
    String presented = body.token();
    if (presented == null || presented.isBlank()) {
      return Mono.error(
          GatewayFault.of(FaultCode.INVALID_REQUEST, "token must be an API token, was missing"));
    }
    ApiToken token = ApiToken.of(presented.strip()).orElseThrow(TokenExchange::unknownToken);
    return exchange
        .exchange(token)
        .map(
            identity ->
                ResponseEntity.ok()
                    .header(HttpHeaders.SET_COOKIE, cookie.seal(token, request).toString())
                    .cacheControl(CacheControl.noStore())
                    .body(SessionView.of(identity)));
  }

  /** Who is signed in; never 401, so that the dashboard can ask without raising an alarm. */
  @GetMapping
  Mono<ResponseEntity<SessionView>> current(ServerHttpRequest request) {
    return Mono.justOrEmpty(tokens.read(request))
        .flatMap(presented -> exchange.exchange(presented.token()))
        .map(SessionView::of)
        .onErrorResume(SessionController::isUnknownToken, unknown -> Mono.empty())
        .defaultIfEmpty(SessionView.NOBODY)
        .map(view -> ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(view));
  }

  @DeleteMapping
  ResponseEntity<Void> signOut(ServerHttpRequest request) {
    return ResponseEntity.noContent()
        .header(HttpHeaders.SET_COOKIE, cookie.expired(request).toString())
        .build();
  }

  private static boolean isUnknownToken(Throwable failure) {
    return failure instanceof GatewayFault fault && fault.code() == FaultCode.UNAUTHENTICATED;
  }

  record SignIn(@Nullable String token) {
    @Override
    public String toString() {
      return "SignIn[token hidden]";
    }
  }

  /**
   * @param role the caller's role in the team, lower case
   */
  record SessionView(
      boolean signedIn, @Nullable String name, @Nullable String team, @Nullable String role) {
    static final SessionView NOBODY = new SessionView(false, null, null, null);

    static SessionView of(Identity identity) {
      return new SessionView(
          true, identity.claim("name"), identity.claim("team_name"), identity.claim("role"));
    }
  }
}
