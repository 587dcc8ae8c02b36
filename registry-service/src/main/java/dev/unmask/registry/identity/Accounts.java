package dev.unmask.registry.identity;

import dev.unmask.registry.identity.ApiTokenEntity.Account;
import dev.unmask.support.security.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Teams, users, memberships and tokens as they are stored. */
@Component
class Accounts {
  /** Last use is told to the minute: a write for each exchange would cost more than it tells. */
  private static final Duration LAST_USE_GRAIN = Duration.ofMinutes(1);

  private final TeamRepository teams;
  private final UserRepository users;
  private final ApiTokenRepository tokens;

  Accounts(TeamRepository teams, UserRepository users, ApiTokenRepository tokens) {
    this.teams = teams;
    this.users = users;
    this.tokens = tokens;
  }

  @Nullable ApiTokenEntity usableToken(ApiToken token, Instant now) {
    return tokens.findBySha256(token.sha256()).filter(known -> known.usableAt(now)).orElse(null);
  }

  Optional<ApiTokenEntity> token(String id, String userId) {
    return tokens.findByIdAndUserIdAndRevokedAtIsNull(id, userId);
  }

  List<ApiTokenEntity> tokensOf(String userId) {
    return tokens.findByUserIdAndRevokedAtIsNullOrderByCreatedAtDesc(userId);
  }

  void save(ApiTokenEntity token) {
    tokens.save(token);
  }

  void touch(ApiTokenEntity token, Instant now) {
    tokens.touch(token.id(), now, now.minus(LAST_USE_GRAIN));
  }

  @Nullable Role roleIn(String userId, String teamId) {
    return users.roleIn(userId, teamId).map(Role::of).orElse(null);
  }

  String userName(String userId) {
    return users.findById(userId).map(UserEntity::name).orElse(userId);
  }

  String teamName(String teamId) {
    return teams.findById(teamId).map(TeamEntity::name).orElse(teamId);
  }

  /** Waits until no other replica is making accounts; from then on what it made is seen. */
  void takeTurns() {
    users.takeTurns();
  }

  Account member(String userName, String teamName, Role role, Instant now) {
    String user = user(userName, now);
    String team = team(teamName, now);
    users.flush();
    users.join(user, team, role.wireName());
    return new Account(user, team, role);
  }

  String user(String name, Instant now) {
    return users
        .findByName(name)
        .orElseGet(() -> users.save(new UserEntity(newId(), name, now)))
        .id();
  }

  private String team(String name, Instant now) {
    return teams
        .findByName(name)
        .orElseGet(() -> teams.save(new TeamEntity(newId(), name, now)))
        .id();
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
