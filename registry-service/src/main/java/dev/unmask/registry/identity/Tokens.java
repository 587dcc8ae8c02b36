package dev.unmask.registry.identity;

import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.TokenView;
import dev.unmask.registry.identity.ApiTokenEntity.Account;
import dev.unmask.support.security.Role;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Makes and revokes API tokens; the caller decides who may, and owns the transaction. */
@Component
class Tokens {
  private final Accounts accounts;
  private final RevokedTokens revoked;
  private final SecureRandom random;
  private final Clock clock;

  Tokens(Accounts accounts, RevokedTokens revoked, SecureRandom random, Clock clock) {
    this.accounts = accounts;
    this.revoked = revoked;
    this.random = random;
    this.clock = clock;
  }

  /** A new token of the account, with the role that is asked for but never more than its own. */
  CreatedToken issue(Account account, CreateToken request) {
    Role wanted = request.role() == null ? account.role() : Role.of(request.role());
    Role role = account.role().covers(wanted) ? wanted : account.role();
    ApiToken token = ApiToken.random(random);
    ApiTokenEntity entity =
        entity(new Account(account.userId(), account.teamId(), role), request.name(), token);
    entity.expireAt(request.expiresAt());
    accounts.save(entity);
    return new CreatedToken(token.secret(), view(entity));
  }

  /** The secret of a new share link that the account answers for. */
  IssuedLink issueLink(Account creator, String name, Instant expiresAt) {
    ApiToken token = ApiToken.randomShare(random);
    ApiTokenEntity entity =
        entity(new Account(creator.userId(), creator.teamId(), Role.SHARED), name, token);
    entity.expireAt(expiresAt);
    accounts.save(entity);
    return new IssuedLink(token.secret(), entity);
  }

  /** Makes sure that a configured secret speaks for the account, even after it was revoked. */
  void admit(Account account, String name, ApiToken token) {
    accounts
        .anyToken(token)
        .ifPresentOrElse(
            ApiTokenEntity::readmit, () -> accounts.save(entity(account, name, token)));
  }

  void revoke(ApiTokenEntity token) {
    token.revoke(clock.instant());
    accounts.save(token);
    revoked.addAfterCommit(token.id());
  }

  /** For their users; share links have a list of their own. */
  static List<TokenView> views(List<ApiTokenEntity> tokens) {
    return tokens.stream().filter(token -> token.role() != Role.SHARED).map(Tokens::view).toList();
  }

  private static TokenView view(ApiTokenEntity token) {
    return new TokenView(
        token.id(),
        token.name(),
        token.role().wireName(),
        token.hint(),
        token.createdAt(),
        token.expiresAt(),
        token.lastUsedAt());
  }

  /** A secret that is shown once, and what is kept of it. */
  record IssuedLink(String secret, ApiTokenEntity token) {}

  private ApiTokenEntity entity(Account account, String name, ApiToken token) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return new ApiTokenEntity(id, account, name, token, clock.instant());
  }
}
