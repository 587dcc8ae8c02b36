package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.TeamsApi;
import dev.unmask.registry.api.TeamsApi.AddMember;
import dev.unmask.registry.api.TeamsApi.ChangeRole;
import dev.unmask.registry.api.TeamsApi.CreateTeam;
import dev.unmask.registry.api.TeamsApi.CreatedTeam;
import dev.unmask.registry.api.TeamsApi.MemberView;
import dev.unmask.registry.api.TeamsApi.TeamView;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

class TeamsIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final TeamsApi owner = contract(registry.ownerToken());
  private final String name = "team " + UUID.randomUUID();
  private CreatedTeam made;
  private TeamsApi admin;
  private String team = "";

  @BeforeEach
  void makeATeam() {
    made = body(owner.create(new CreateTeam(name, "ann of " + name)));
    admin = contract(made.token().token());
    team = made.team().id();
  }

  @Test
  void givesANewTeamAnAdminWithATokenThatSpeaksForIt() {
    assertThat(admin.list()).extracting(TeamView::name).containsExactly(name);
    assertThat(admin.members(team))
        .containsExactly(new MemberView(made.admin().userId(), "ann of " + name, "admin"));
    Client ann = client(made.token().token());
    assertThat(ann.get("/api/v1/identity/me").json().get("teamName").stringValue()).isEqualTo(name);
    assertThat(ann.post("experiments/create", "{\"name\": \"first\"}").status()).isEqualTo(200);
    assertThat(owner.list()).extracting(TeamView::name).contains("local", name);
  }

  @Test
  void makesTheCallerAdminOfATeamWhoseAdminIsNotNamed() {
    CreatedTeam own = body(owner.create(new CreateTeam("own " + name, null)));

    assertThat(own.admin().name()).isEqualTo("owner");
    assertThat(contract(own.token().token()).get(own.team().id()).name()).isEqualTo("own " + name);
  }

  @Test
  void letsOnlyAdminsOfTheFirstTeamMakeTeams() {
    refused(403, () -> admin.create(new CreateTeam("more " + name, null)));
    String viewer = registry.newToken("viewer");
    refused(403, () -> contract(viewer).create(new CreateTeam("more " + name, null)));
    refused(409, () -> owner.create(new CreateTeam(name, null)));
  }

  /** Otherwise the admin of any team could speak with the rights of the first team's admin. */
  @Test
  void givesTheOwnerOfTheFirstTeamNoRightToMakeTeamsByATokenOfAnotherTeam() {
    MemberView invited = add("owner", "admin");
    String token = newToken(invited, "admin");

    refused(403, () -> contract(token).create(new CreateTeam("more " + name, null)));
    assertThat(contract(token).list()).extracting(TeamView::name).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\u0000b", "a\nb", "<b>", "a/b", "../x", " x"})
  void refusesNamesThatAreNotPlain(String wrong) {
    refused(400, () -> owner.create(new CreateTeam(wrong, null)));
    refused(400, () -> admin.add(team, new AddMember(wrong, "viewer")));
  }

  @Test
  void givesMembersTheirRoleAndTokensNoMoreThanThat() {
    MemberView bob = add("bob", "member");
    Client asBob = client(newToken(bob, "admin"));
    Client asViewer = client(newToken(bob, "viewer"));

    assertThat(asBob.get("/api/v1/identity/me").json().get("role").stringValue())
        .isEqualTo("member");
    assertThat(asViewer.get("/api/v1/identity/me").json().get("role").stringValue())
        .isEqualTo("viewer");
    assertThat(asBob.post("experiments/create", "{\"name\": \"b\"}").status()).isEqualTo(200);
    refused(409, () -> admin.add(team, new AddMember(bob.name(), "viewer")));
    refused(403, () -> contract(newToken(bob, null)).add(team, new AddMember("eve", "admin")));
  }

  @Test
  void takesAChangedRoleUpAtTheNextExchange() {
    MemberView bob = add("bob", "maintainer");
    String token = newToken(bob, null);

    assertThat(admin.changeRole(team, bob.userId(), new ChangeRole("viewer")).role())
        .isEqualTo("viewer");

    assertThat(client(token).post("experiments/create", "{\"name\": \"x\"}").status())
        .isEqualTo(403);
  }

  @Test
  void revokesTheTokensOfARemovedMemberAtOnceAndOnlyThoseOfThisTeam() {
    MemberView bob = add("bob", "member");
    String here = newToken(bob, null);
    CreatedTeam second = body(owner.create(new CreateTeam("second " + name, bob.name())));
    Client before = client(here);

    admin.remove(team, bob.userId());

    assertThat(exchange(here).status()).isEqualTo(401);
    // The JWT of a minute ago would still be good by its signature.
    assertThat(before.get("/api/v1/identity/me").status()).isEqualTo(401);
    assertThat(exchange(second.token().token()).status()).isEqualTo(200);
    assertThat(admin.members(team)).extracting(MemberView::name).containsExactly("ann of " + name);
    refused(404, () -> admin.remove(team, bob.userId()));

    add(bob.name(), "member");
    assertThat(exchange(here).status()).isEqualTo(401);
  }

  @Test
  void keepsTheLastAdmin() {
    refused(409, () -> admin.remove(team, made.admin().userId()));
    refused(409, () -> admin.changeRole(team, made.admin().userId(), new ChangeRole("maintainer")));

    MemberView carl = add("carl", "admin");
    TeamsApi asCarl = contract(newToken(carl, null));
    admin.remove(team, made.admin().userId());

    refused(409, () -> asCarl.remove(team, carl.userId()));
    assertThat(asCarl.members(team)).extracting(MemberView::role).containsExactly("admin");
  }

  @Test
  void keepsOneOfTwoAdminsWhoDemoteEachOtherAtOnce() throws Exception {
    MemberView carl = add("carl", "admin");
    TeamsApi asCarl = contract(newToken(carl, null));

    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      Future<?> one = both.submit(() -> demote(start, admin, carl.userId()));
      Future<?> two = both.submit(() -> demote(start, asCarl, made.admin().userId()));
      start.countDown();
      one.get();
      two.get();
    }

    assertThat(roles()).containsOnlyOnce("admin");
  }

  @Test
  void answersIdsOfAnotherTeamLikeUnknownOnes() {
    CreatedTeam blue = body(owner.create(new CreateTeam("blue " + name, "eve of " + name)));
    TeamsApi eve = contract(blue.token().token());
    String ann = made.admin().userId();

    for (String other : List.of(team, "unknown")) {
      refused(404, () -> eve.get(other));
      refused(404, () -> eve.members(other));
      refused(404, () -> eve.add(other, new AddMember("eve", "admin")));
      refused(404, () -> eve.changeRole(other, ann, new ChangeRole("viewer")));
      refused(404, () -> eve.remove(other, ann));
      refused(404, () -> eve.tokens(other, ann));
      refused(404, () -> eve.createToken(other, ann, new CreateToken("x", null, null)));
      refused(404, () -> eve.revokeToken(other, ann, made.token().details().id()));
    }
    String own = blue.team().id();
    refused(404, () -> eve.tokens(own, ann));
    refused(404, () -> eve.revokeToken(own, ann, made.token().details().id()));
    assertThat(exchange(made.token().token()).status()).isEqualTo(200);
  }

  /** A token speaks for one team: what its user does elsewhere is not this team's business. */
  @Test
  void tellsATokensHolderOfTokensOfThisTeamOnly() {
    MemberView bob = add("bob", "member");
    CreatedTeam second = body(owner.create(new CreateTeam("second " + name, bob.name())));
    Client here = client(newToken(bob, null));

    assertThat(here.get("/api/v1/identity/tokens").json()).hasSize(1);
    assertThat(admin.tokens(team, bob.userId())).hasSize(1);
    String elsewhere = second.token().details().id();
    assertThat(here.send("DELETE", "/api/v1/identity/tokens/" + elsewhere, "").status())
        .isEqualTo(404);
    assertThat(exchange(second.token().token()).status()).isEqualTo(200);
  }

  @Test
  void letsAnAdminRevokeAMembersToken() {
    MemberView bob = add("bob", "member");
    CreatedToken token =
        body(admin.createToken(team, bob.userId(), new CreateToken("ci", null, null)));

    admin.revokeToken(team, bob.userId(), token.details().id());

    assertThat(exchange(token.token()).status()).isEqualTo(401);
    assertThat(admin.tokens(team, bob.userId())).isEmpty();
    refused(404, () -> admin.revokeToken(team, bob.userId(), token.details().id()));
  }

  @Test
  void refusesATeamThatDoesNotExistInTheServiceAccountsHeader() {
    Client nobody = registry.service("team-that-is-not");

    Answer mlflow = nobody.post("experiments/create", "{\"name\": \"x\"}");
    assertThat(mlflow.status()).isEqualTo(400);
    assertThat(mlflow.json().get("message").stringValue())
        .contains("X-Unmask-Team", "team-that-is-not");
    Answer problem = nobody.get("/api/v1/registry/models");
    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.json().get("code").stringValue()).isEqualTo("TEAM_UNKNOWN");
    assertThat(registry.service(team).get("/api/v1/registry/models").status()).isEqualTo(200);
  }

  @Test
  void letsTheServiceAccountChangeNoMembers() {
    Client services = registry.service(team);
    String members = "/api/v1/identity/teams/" + team + "/members";

    assertThat(services.get(members).status()).isEqualTo(200);
    assertThat(services.send("POST", members, "{\"user\": \"x\", \"role\": \"admin\"}").status())
        .isEqualTo(403);
    assertThat(
            services
                .send(
                    "POST", members + "/" + made.admin().userId() + "/tokens", "{\"name\": \"x\"}")
                .status())
        .isEqualTo(403);
  }

  private List<String> roles() {
    return registry
        .service(team)
        .get("/api/v1/identity/teams/" + team + "/members")
        .json()
        .findValuesAsString("role");
  }

  private void demote(CountDownLatch start, TeamsApi as, String user) {
    try {
      start.await();
      as.changeRole(team, user, new ChangeRole("viewer"));
    } catch (HttpClientErrorException refused) {
      // 409 as the last admin, or 403 when the other one was faster.
      assertThat(refused.getStatusCode().value()).isIn(403, 409);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private MemberView add(String user, String role) {
    String unique = user.equals("owner") || user.endsWith(name) ? user : user + " of " + name;
    return body(admin.add(team, new AddMember(unique, role)));
  }

  private String newToken(MemberView member, @Nullable String role) {
    return body(admin.createToken(team, member.userId(), new CreateToken("t", role, null))).token();
  }

  private Client client(String token) {
    return registry.as(registry.exchange(token));
  }

  private Answer exchange(String token) {
    return registry
        .anonymous()
        .send("POST", "/api/v1/identity/exchange", "{\"token\": \"" + token + "\"}");
  }

  private static void refused(int status, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            HttpClientErrorException.class,
            refusal -> {
              assertThat(refusal.getStatusCode().value()).isEqualTo(status);
              assertThat(refusal.getResponseBodyAsString()).contains("\"code\"", "\"requestId\"");
            });
  }

  private static <T> T body(ResponseEntity<T> answer) {
    assertThat(answer.getStatusCode().value()).isEqualTo(201);
    return Objects.requireNonNull(answer.getBody());
  }

  private TeamsApi contract(String token) {
    RestClient rest =
        RestClient.builder()
            .baseUrl(registry.url())
            .defaultHeader("Authorization", "Bearer " + registry.exchange(token))
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest))
        .build()
        .createClient(TeamsApi.class);
  }
}
