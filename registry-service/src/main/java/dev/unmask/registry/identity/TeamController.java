package dev.unmask.registry.identity;

import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.TokenView;
import dev.unmask.registry.api.TeamsApi.AddMember;
import dev.unmask.registry.api.TeamsApi.ChangeRole;
import dev.unmask.registry.api.TeamsApi.CreateTeam;
import dev.unmask.registry.api.TeamsApi.CreatedTeam;
import dev.unmask.registry.api.TeamsApi.MemberView;
import dev.unmask.registry.api.TeamsApi.TeamView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.TeamsApi}; its tests call it through that contract. */
@RestController
@RequestMapping("/api/v1/identity/teams")
@RequiresRole(Role.ADMIN)
class TeamController {
  private final TeamService teams;

  TeamController(TeamService teams) {
    this.teams = teams;
  }

  @PostMapping
  ResponseEntity<CreatedTeam> create(Caller caller, @Valid @RequestBody CreateTeam request) {
    return ResponseEntity.status(HttpStatus.CREATED).body(teams.create(caller, request));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  List<TeamView> list(Caller caller) {
    return teams.visibleTo(caller);
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/{team}")
  TeamView get(Caller caller, @PathVariable String team) {
    return teams.get(caller, team);
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/{team}/members")
  List<MemberView> members(Caller caller, @PathVariable String team) {
    return teams.members(caller, team);
  }

  @PostMapping("/{team}/members")
  ResponseEntity<MemberView> add(
      Caller caller, @PathVariable String team, @Valid @RequestBody AddMember request) {
    MemberView added = teams.add(caller, team, request.user(), Role.of(request.role()));
    return ResponseEntity.status(HttpStatus.CREATED).body(added);
  }

  @PatchMapping("/{team}/members/{user}")
  MemberView changeRole(
      Caller caller,
      @PathVariable String team,
      @PathVariable String user,
      @Valid @RequestBody ChangeRole request) {
    return teams.changeRole(caller, team, user, Role.of(request.role()));
  }

  @DeleteMapping("/{team}/members/{user}")
  ResponseEntity<Void> remove(Caller caller, @PathVariable String team, @PathVariable String user) {
    teams.remove(caller, team, user);
    return ResponseEntity.noContent().build();
  }

  @GetMapping("/{team}/members/{user}/tokens")
  List<TokenView> tokens(Caller caller, @PathVariable String team, @PathVariable String user) {
    return teams.tokens(caller, team, user);
  }

  @PostMapping("/{team}/members/{user}/tokens")
  ResponseEntity<CreatedToken> createToken(
      Caller caller,
      @PathVariable String team,
      @PathVariable String user,
      @Valid @RequestBody CreateToken request) {
    CreatedToken created = teams.createToken(caller, team, user, request);
    return ResponseEntity.status(HttpStatus.CREATED).body(created);
  }

  @DeleteMapping("/{team}/members/{user}/tokens/{id}")
  ResponseEntity<Void> revokeToken(
      Caller caller,
      @PathVariable String team,
      @PathVariable String user,
      @PathVariable String id) {
    teams.revokeToken(caller, team, user, id);
    return ResponseEntity.noContent().build();
  }
}
