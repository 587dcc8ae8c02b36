package dev.unmask.registry.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.ExchangedToken;
import dev.unmask.registry.api.IdentityApi.TokenView;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.identity.ApiTokenEntity.Account;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import dev.unmask.support.security.ServiceSecurity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Exchanges API tokens for signed JWTs and keeps each user's tokens. */
@Service
class IdentityService {
  private final Accounts accounts;
  private final TokenSigner signer;
  private final Tokens tokens;
  private final AuditLog audit;
  private final Clock clock;
  private final Duration jwtLife;
  private final WrongTokens wrongTokens;

  IdentityService(
      Accounts accounts,
      TokenSigner signer,
      Tokens tokens,
      AuditLog audit,
      Clock clock,
      IdentityProperties properties) {
    this.accounts = accounts;
    this.signer = signer;
    this.tokens = tokens;
    this.audit = audit;
    this.clock = clock;
    this.jwtLife = properties.jwtLife();
    this.wrongTokens = new WrongTokens(clock, properties.wrongTokensPerMinute());
  }

  @Transactional
  ExchangedToken exchange(ApiToken token) {
    Instant now = clock.instant();
    ApiTokenEntity known = token.plausible() ? accounts.usableToken(token, now) : null;
    Role role = known == null ? null : effectiveRole(known);
    if (known == null || role == null) {
      throw wrongTokens.refuse();
    }
    accounts.touch(known, now);
    Instant expiresAt = earlier(now.plus(jwtLife), known.expiresAt());
    return new ExchangedToken(signer.sign(claims(known, role, now, expiresAt)), expiresAt);
  }

  Map<String, Object> publicKeys() {
    return signer.publicKeys().toJSONObject();
  }

  @Transactional(readOnly = true)
  List<TokenView> tokensOf(Caller caller) {
    return Tokens.views(accounts.tokensOf(caller.userId(), teamOf(caller)));
  }

  @Transactional
  CreatedToken create(Caller caller, CreateToken request) {
    if (caller.role() == Role.SERVICE) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN, "the service account has its one token by configuration");
    }
    CreatedToken created =
        tokens.issue(new Account(caller.userId(), caller.teamId(), caller.role()), request);
    audit.record(caller, "token.create", created.details().id(), request.name());
    return created;
  }

  @Transactional
  void revoke(Caller caller, String id) {
    ApiTokenEntity token =
        accounts
            .token(id, caller.userId(), teamOf(caller))
            .orElseThrow(
                () ->
                    new UnmaskException(
                        ErrorCode.TOKEN_NOT_FOUND, "you have no token with id " + id));
    tokens.revoke(token);
    audit.record(caller, "token.revoke", id, token.name());
  }

  /**
   * Makes accounts as one transaction. Replicas that start together do so one after the other, so
   * what the first one makes the others find.
   */
  @Transactional
  void inTurn(Runnable work) {
    accounts.takeTurns();
    work.run();
  }

  /** Makes sure that the configured secret speaks for the account. */
  @Transactional
  void admit(Account account, String name, ApiToken token) {
    tokens.admit(account, name, token);
  }

  @Transactional(readOnly = true)
  boolean admits(ApiToken token) {
    return token.plausible() && accounts.usableToken(token, clock.instant()) != null;
  }

  /** The local team's owner; both are made at the first call. */
  @Transactional
  Account localOwner() {
    return accounts.founder("owner", "local", clock.instant());
  }

  /** The account of the other services, which has no team. */
  @Transactional
  Account services() {
    return new Account(accounts.user("services", clock.instant()), null, Role.SERVICE);
  }

  /** Who opens a share link is told its name, not whose it is. */
  private String nameOf(ApiTokenEntity token, Role role) {
    return role == Role.SHARED ? token.name() : accounts.userName(token.userId());
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  /** A token speaks for one team, so it tells of tokens for this one only. */
  private static @Nullable String teamOf(Caller caller) {
    return caller.role() == Role.SERVICE ? null : caller.teamId();
  }

  /** The token's role, but never more than its user has in the team by now; null for none. */
  private @Nullable Role effectiveRole(ApiTokenEntity token) {
    String team = token.teamId();
    if (team == null) {
      return token.role();
    }
    Role inTeam = accounts.roleIn(token.userId(), team);
    return inTeam == null || token.role().covers(inTeam) ? inTeam : token.role();
  }

  private JWTClaimsSet claims(ApiTokenEntity token, Role role, Instant now, Instant expiresAt) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(ServiceSecurity.ISSUER)
            .audience(ServiceSecurity.ISSUER)
            .subject(token.userId())
            .claim("name", nameOf(token, role))
            .claim("role", role.wireName())
            .claim("token_id", token.id())
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt));
    String team = token.teamId();
    if (team != null) {
      claims.claim("team", team).claim("team_name", accounts.teamName(team));
    }
    return claims.build();
  }
}
