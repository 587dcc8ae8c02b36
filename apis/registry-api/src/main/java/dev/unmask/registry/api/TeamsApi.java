package dev.unmask.registry.api;

import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.TokenView;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PatchExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Teams, their members and the members' tokens. A token speaks for one team, so {@code team} is
 * always the caller's own: any other answers 404. What changes something needs the role admin.
 */
@HttpExchange("/api/v1/identity/teams")
public interface TeamsApi {

  /** Letters of all scripts, digits, blanks and {@code . _ @ -}; it begins with no blank. */
  String NAME = "[\\p{L}\\p{N}._@\\-][\\p{L}\\p{M}\\p{N}._@\\- ]*";

  /** The roles that members have, each covering the ones before it. */
  String ROLE = "viewer|member|maintainer|admin";

  /**
   * Makes a team with its first admin; only for admins of the team that the installation began
   * with.
   *
   * @return 201 with a token of the new admin, shown this once; 409 when the name is taken
   */
  @PostExchange
  ResponseEntity<CreatedTeam> create(@Valid @RequestBody CreateTeam request);

  /** The caller's team; every team for admins of the team that the installation began with. */
  @GetExchange
  List<TeamView> list();

  /** One team; 404 for any but those that {@link #list} tells. */
  @GetExchange("/{team}")
  TeamView get(@PathVariable String team);

  /** Everybody in the team, by name. */
  @GetExchange("/{team}/members")
  List<MemberView> members(@PathVariable String team);

  /**
   * Takes a user in, who is made when no user has the name.
   *
   * @return 201; 409 when the user is a member already
   */
  @PostExchange("/{team}/members")
  ResponseEntity<MemberView> add(@PathVariable String team, @Valid @RequestBody AddMember request);

  /**
   * Gives a member another role, from the next exchange of their tokens on.
   *
   * @return 409 when the team would be left without an admin
   */
  @PatchExchange("/{team}/members/{user}")
  MemberView changeRole(
      @PathVariable String team, @PathVariable String user, @Valid @RequestBody ChangeRole request);

  /**
   * Ends a membership and revokes the member's tokens of this team.
   *
   * @return 204; 409 when the team would be left without an admin
   */
  @DeleteExchange("/{team}/members/{user}")
  ResponseEntity<Void> remove(@PathVariable String team, @PathVariable String user);

  /** The member's tokens of this team that are not revoked, newest first. */
  @GetExchange("/{team}/members/{user}/tokens")
  List<TokenView> tokens(@PathVariable String team, @PathVariable String user);

  /**
   * Makes a token that speaks for the member in this team, with at most the member's role.
   *
   * @return 201 with the token, which is shown this once
   */
  @PostExchange("/{team}/members/{user}/tokens")
  ResponseEntity<CreatedToken> createToken(
      @PathVariable String team,
      @PathVariable String user,
      @Valid @RequestBody CreateToken request);

  /** Revokes a member's token; answers 204, or 404 when the member has none such in this team. */
  @DeleteExchange("/{team}/members/{user}/tokens/{id}")
  ResponseEntity<Void> revokeToken(
      @PathVariable String team, @PathVariable String user, @PathVariable String id);

  /**
   * @param name of the team
   * @param admin name of the user who becomes its admin, made when there is none; the caller where
   *     absent
   */
  record CreateTeam(
      @NotBlank @Size(max = 100) @Pattern(regexp = NAME) String name,
      @Nullable @Size(min = 1, max = 100) @Pattern(regexp = NAME) String admin) {}

  /**
   * @param token of the first admin, for this team
   */
  record CreatedTeam(TeamView team, MemberView admin, CreatedToken token) {}

  /**
   * @param id what the service account names in {@code X-Unmask-Team}
   */
  record TeamView(String id, String name, Instant createdAt) {}

  record MemberView(String userId, String name, String role) {}

  /**
   * @param user name of the user
   */
  record AddMember(
      @NotBlank @Size(max = 100) @Pattern(regexp = NAME) String user,
      @NotNull @Pattern(regexp = ROLE) String role) {}

  record ChangeRole(@NotNull @Pattern(regexp = ROLE) String role) {}
}
