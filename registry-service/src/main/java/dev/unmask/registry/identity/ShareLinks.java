package dev.unmask.registry.identity;

import dev.unmask.registry.identity.ApiTokenEntity.Account;
import dev.unmask.support.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The secrets of share links: tokens with the role {@code shared}, which only routes made for them
 * accept. What a link shows is not known here. The caller owns the transaction.
 */
@Component
public class ShareLinks {
  private final Accounts accounts;
  private final Tokens tokens;

  ShareLinks(Accounts accounts, Tokens tokens) {
    this.accounts = accounts;
    this.tokens = tokens;
  }

  /** Makes a link that dies with the caller's membership, if not before. */
  public Issued issue(Caller caller, String name, Instant expiresAt) {
    Account creator = new Account(caller.userId(), caller.teamId(), caller.role());
    Tokens.IssuedLink issued = tokens.issueLink(creator, name, expiresAt);
    return new Issued(issued.secret(), view(issued.token()));
  }

  /** The links of a team that are not revoked, newest first; expired ones among them. */
  public List<Link> of(String teamId) {
    return accounts.linksOf(teamId).stream().map(this::view).toList();
  }

  /** The link of this id that is not revoked. */
  public Optional<Link> find(String teamId, String id) {
    return accounts.link(id, teamId).map(this::view);
  }

  /**
   * @return false when the team has no such link
   */
  public boolean revoke(String teamId, String id) {
    Optional<ApiTokenEntity> link = accounts.link(id, teamId);
    link.ifPresent(tokens::revoke);
    return link.isPresent();
  }

  private Link view(ApiTokenEntity token) {
    return new Link(
        token.id(),
        token.name(),
        token.hint(),
        accounts.userName(token.userId()),
        token.createdAt(),
        Objects.requireNonNull(token.expiresAt()),
        token.lastUsedAt());
  }

  /**
   * A link as its team sees it.
   *
   * @param hint the first characters of the secret
   */
  public record Link(
      String id,
      String name,
      String hint,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /**
   * @param secret shown this once
   */
  public record Issued(String secret, Link link) {}
}
