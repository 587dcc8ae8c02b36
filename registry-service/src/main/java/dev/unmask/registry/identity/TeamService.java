package dev.unmask.registry.identity;

import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.TokenView;
import dev.unmask.registry.api.TeamsApi.CreateTeam;
import dev.unmask.registry.api.TeamsApi.CreatedTeam;
import dev.unmask.registry.api.TeamsApi.MemberView;
import dev.unmask.registry.api.TeamsApi.TeamView;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.registry.identity.ApiTokenEntity.Account;
import dev.unmask.registry.identity.Memberships.Member;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of teams and their members; all but making teams within the caller's own team. */
@Service
class TeamService {
  private final TeamRepository teams;
  private final Accounts accounts;
  private final Memberships memberships;
  private final Tokens tokens;
  private final AuditLog audit;
  private final Clock clock;

  TeamService(
      TeamRepository teams,
      Accounts accounts,
      Memberships memberships,
      Tokens tokens,
      AuditLog audit,
      Clock clock) {
    this.teams = teams;
    this.accounts = accounts;
    this.memberships = memberships;
    this.tokens = tokens;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  CreatedTeam create(Caller caller, CreateTeam request) {
    refuseServices(caller);
    TeamEntity own = team(caller, caller.teamId());
    if (!own.makesTeams()) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN,
          "teams are made by the admins of the team that this installation began with");
    }
    if (teams.findByName(request.name()).isPresent()) {
      throw taken(request.name());
    }
    TeamEntity team = made(request.name());
    String adminName = request.admin() == null ? caller.name() : request.admin();
    Member admin = new Member(accounts.user(adminName, clock.instant()), adminName, Role.ADMIN);
    memberships.put(team.id(), admin.userId(), admin.role());
    CreatedToken token = issue(team.id(), admin, new CreateToken("first admin", null, null));
    Map<String, Object> made = Map.of("name", team.name(), "admin", adminName);
    audit.record(caller, new Change("team.create", team.id(), null, made));
    audit.recordFor(team.id(), caller, new Change("team.create", team.id(), null, made));
    return new CreatedTeam(view(team), view(admin), token);
  }

  @Transactional(readOnly = true)
  List<TeamView> visibleTo(Caller caller) {
    TeamEntity own = team(caller, caller.teamId());
    boolean all = own.makesTeams() && caller.role() == Role.ADMIN;
    return (all ? teams.findByOrderByName() : List.of(own))
        .stream().map(TeamService::view).toList();
  }

  @Transactional(readOnly = true)
  TeamView get(Caller caller, String teamId) {
    return view(team(caller, teamId));
  }

  @Transactional(readOnly = true)
  List<MemberView> members(Caller caller, String teamId) {
    return memberships.of(team(caller, teamId).id()).stream().map(TeamService::view).toList();
  }

  @Transactional
  MemberView add(Caller caller, String teamId, String userName, Role role) {
    refuseServices(caller);
    String team = locked(caller, teamId);
    String user = accounts.user(userName, clock.instant());
    if (memberships.find(team, user).isPresent()) {
      throw new UnmaskException(
          ErrorCode.ALREADY_EXISTS,
          "user: '" + userName + "' is in the team already; change the member's role instead");
    }
    memberships.put(team, user, role);
    audit.record(caller, new Change("member.add", userName, null, role(role)));
    return view(new Member(user, userName, role));
  }

  @Transactional
  MemberView changeRole(Caller caller, String teamId, String userId, Role role) {
    refuseServices(caller);
    String team = locked(caller, teamId);
    Member member = member(team, userId);
    if (role != Role.ADMIN) {
      keepAnAdmin(team, member);
    }
    memberships.put(team, userId, role);
    audit.record(caller, new Change("member.role", member.name(), role(member.role()), role(role)));
    return view(new Member(userId, member.name(), role));
  }

  @Transactional
  void remove(Caller caller, String teamId, String userId) {
    refuseServices(caller);
    String team = locked(caller, teamId);
    Member member = member(team, userId);
    keepAnAdmin(team, member);
    for (ApiTokenEntity token : accounts.tokensOf(userId, team)) {
      tokens.revoke(token);
      audit.record(caller, "token.revoke", token.id(), token.name());
    }
    memberships.remove(team, userId);
    audit.record(caller, new Change("member.remove", member.name(), role(member.role()), null));
  }

  @Transactional(readOnly = true)
  List<TokenView> tokens(Caller caller, String teamId, String userId) {
    String team = team(caller, teamId).id();
    return Tokens.views(accounts.tokensOf(member(team, userId).userId(), team));
  }

  @Transactional
  CreatedToken createToken(Caller caller, String teamId, String userId, CreateToken request) {
    refuseServices(caller);
    String team = locked(caller, teamId);
    Member member = member(team, userId);
    CreatedToken created = issue(team, member, request);
    audit.record(
        caller,
        new Change(
            "token.create",
            created.details().id(),
            null,
            Map.of(
                "name", request.name(), "user", member.name(), "role", created.details().role())));
    return created;
  }

  @Transactional
  void revokeToken(Caller caller, String teamId, String userId, String id) {
    refuseServices(caller);
    String team = locked(caller, teamId);
    Member member = member(team, userId);
    ApiTokenEntity token =
        accounts
            .token(id, userId, team)
            .orElseThrow(
                () ->
                    new UnmaskException(
                        ErrorCode.TOKEN_NOT_FOUND,
                        member.name() + " has no token with id " + id + " in this team"));
    tokens.revoke(token);
    audit.record(caller, "token.revoke", id, token.name());
  }

  private CreatedToken issue(String team, Member member, CreateToken request) {
    return tokens.issue(new Account(member.userId(), team, member.role()), request);
  }

  private TeamEntity made(String name) {
    try {
      return accounts.newTeam(name, clock.instant());
    } catch (DataIntegrityViolationException raced) {
      throw taken(name);
    }
  }

  /** The id of the caller's team, whose members nobody else changes until the transaction ends. */
  private String locked(Caller caller, String teamId) {
    String team = team(caller, teamId).id();
    memberships.lock(team);
    // The role that came with the request may be minutes old.
    if (!memberships
        .find(team, caller.userId())
        .map(Member::role)
        .equals(Optional.of(Role.ADMIN))) {
      throw new UnmaskException(ErrorCode.FORBIDDEN, "this needs the role admin, which you lost");
    }
    return team;
  }

  private TeamEntity team(Caller caller, String teamId) {
    return teams
        .findById(teamId)
        .filter(team -> team.id().equals(caller.teamId()))
        .orElseThrow(
            () -> new UnmaskException(ErrorCode.TEAM_NOT_FOUND, "you have no team " + teamId));
  }

  private Member member(String team, String userId) {
    return memberships
        .find(team, userId)
        .orElseThrow(
            () ->
                new UnmaskException(
                    ErrorCode.MEMBER_NOT_FOUND, "the team has no member with user id " + userId));
  }

  private void keepAnAdmin(String team, Member member) {
    if (member.role() == Role.ADMIN && !memberships.hasOtherAdmin(team, member.userId())) {
      throw new UnmaskException(
          ErrorCode.LAST_ADMIN,
          member.name() + " is the only admin of the team: make another member admin first");
    }
  }

  private static void refuseServices(Caller caller) {
    if (caller.role() == Role.SERVICE) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN, "the service account changes no teams, members or tokens");
    }
  }

  private static UnmaskException taken(String name) {
    return new UnmaskException(
        ErrorCode.ALREADY_EXISTS, "name: a team called '" + name + "' exists already");
  }

  private static Map<String, Object> role(Role role) {
    return Map.of("role", role.wireName());
  }

  private static TeamView view(TeamEntity team) {
    return new TeamView(team.id(), team.name(), team.createdAt());
  }

  private static MemberView view(Member member) {
    return new MemberView(member.userId(), member.name(), member.role().wireName());
  }
}
