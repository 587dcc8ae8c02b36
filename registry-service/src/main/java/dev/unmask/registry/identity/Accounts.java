package dev.unmask.registry.identity;

import dev.unmask.registry.identity.ApiTokenEntity.Account;
import dev.unmask.registry.identity.Memberships.Member;
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

  private static final String SHARED = Role.SHARED.wireName();

  private final TeamRepository teams;
  private final UserRepository users;
  private final ApiTokenRepository tokens;
  private final Memberships memberships;

  Accounts(
      TeamRepository teams,
      UserRepository users,
      ApiTokenRepository tokens,
      Memberships memberships) {
    this.teams = teams;
    this.users = users;
    this.tokens = tokens;
    this.memberships = memberships;
  }

  @Nullable ApiTokenEntity usableToken(ApiToken token, Instant now) {
    return tokens.findBySha256(token.sha256()).filter(known -> known.usableAt(now)).orElse(null);
  }

  /**
   * @param teamId team the token speaks for, null for the service account
   */
  Optional<ApiTokenEntity> token(String id, String userId, @Nullable String teamId) {
    return tokens
        .findByIdAndUserIdAndRevokedAtIsNull(id, userId)
        .filter(token -> java.util.Objects.equals(token.teamId(), teamId));
  }

  /** Tokens of one user for one team, or of the service account; newest first. */
  List<ApiTokenEntity> tokensOf(String userId, @Nullable String teamId) {
    return teamId == null
        ? tokens.findByUserIdAndTeamIdIsNullAndRevokedAtIsNullOrderByCreatedAtDesc(userId)
        : tokens.findByUserIdAndTeamIdAndRevokedAtIsNullOrderByCreatedAtDesc(userId, teamId);
  }

  /** Share links of one team, newest first. */
  List<ApiTokenEntity> linksOf(String teamId) {
    return tokens.findByTeamIdAndRoleAndRevokedAtIsNullOrderByCreatedAtDesc(teamId, SHARED);
  }

  Optional<ApiTokenEntity> link(String id, String teamId) {
    return tokens.findByIdAndTeamIdAndRoleAndRevokedAtIsNull(id, teamId, SHARED);
  }

  /** Whatever has become of it since. */
  Optional<ApiTokenEntity> anyToken(ApiToken token) {
    return tokens.findBySha256(token.sha256());
  }

  void save(ApiTokenEntity token) {
    // What is written by JDBC in the same transaction may refer to it.
    tokens.saveAndFlush(token);
  }

  void touch(ApiTokenEntity token, Instant now) {
    tokens.touch(token.id(), now, now.minus(LAST_USE_GRAIN));
  }

  @Nullable Role roleIn(String userId, String teamId) {
    return memberships.find(teamId, userId).map(Member::role).orElse(null);
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

  /** The admin of the team that the installation begins with; both are made at the first call. */
  Account founder(String userName, String teamName, Instant now) {
    TeamEntity team = teams.findByName(teamName).orElseGet(() -> newTeam(teamName, now));
    team.letMakeTeams();
    String user = user(userName, now);
    memberships.put(team.id(), user, Role.ADMIN);
    return new Account(user, team.id(), Role.ADMIN);
  }

  TeamEntity newTeam(String name, Instant now) {
    return teams.saveAndFlush(new TeamEntity(newId(), name, now));
  }

  /** The id of the user of this name, made when there is none. */
  String user(String name, Instant now) {
    users.addUnlessKnown(newId(), name, now);
    return users.findByName(name).map(UserEntity::id).orElseThrow();
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
