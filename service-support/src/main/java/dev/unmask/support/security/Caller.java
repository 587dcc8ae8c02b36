package dev.unmask.support.security;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Who calls, for which team, with which role; an argument of controller methods.
 *
 * @param teamId team whose data the call sees; never blank
 */
public record Caller(
    String userId, String name, String teamId, String teamName, Role role, String tokenId) {

  /** Names the team a call of the service account is for; ignored from anyone else. */
  public static final String TEAM_HEADER = "X-Unmask-Team";

  static Caller of(Jwt jwt, @Nullable String teamHeader) {
    Role role = Role.of(claim(jwt, "role"));
    String team = role == Role.SERVICE ? teamHeader : claim(jwt, "team");
    if (team == null || team.isBlank()) {
      throw new UnmaskException(
          ErrorCode.TEAM_REQUIRED,
          "the service account has no team of its own: name one in the header " + TEAM_HEADER);
    }
    String teamName = jwt.getClaimAsString("team_name");
    return new Caller(
        claim(jwt, "sub"),
        claim(jwt, "name"),
        team,
        teamName == null ? team : teamName,
        role,
        claim(jwt, "token_id"));
  }

  private static String claim(Jwt jwt, String name) {
    String value = jwt.getClaimAsString(name);
    if (value == null) {
      throw new UnmaskException(ErrorCode.UNAUTHENTICATED, "the token lacks the claim " + name);
    }
    return value;
  }
}
