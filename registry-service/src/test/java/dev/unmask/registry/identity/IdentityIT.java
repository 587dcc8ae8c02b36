package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.api.IdentityApi;
import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.ExchangeRequest;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

class IdentityIT {
  private final RegistryServer registry = RegistryServer.shared();

  @Test
  void exchangesTheOwnersTokenForAJwtOfTheLocalTeam() {
    IdentityApi identity = contract(registry.exchange(registry.ownerToken()));

    assertThat(identity.me().name()).isEqualTo("owner");
    assertThat(identity.me().teamName()).isEqualTo("local");
    assertThat(identity.me().role()).isEqualTo("admin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "umk_wrong",
        "umk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA000000",
        "some-other-secret-of-enough-length-to-be-one"
      })
  void refusesAWrongToken(String token) {
    Answer answer = exchange(registry, token);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().get("code").stringValue()).isEqualTo("UNAUTHENTICATED");
    assertThat(answer.text()).doesNotContain(token);
  }

  @Test
  void namesTheFieldOfAnExchangeWithoutAToken() {
    Answer answer =
        registry.anonymous().send("POST", "/api/v1/identity/exchange", "{\"token\": \"\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").stringValue()).isEqualTo("token");
  }

  @Test
  void keepsNoTokenInTheDatabase() {
    var rows =
        registry
            .bean(JdbcTemplate.class)
            .queryForList("SELECT api_tokens::text AS r FROM api_tokens");

    assertThat(rows).isNotEmpty();
    assertThat(rows.toString())
        .doesNotContain(registry.ownerToken().substring(8))
        .doesNotContain(registry.serviceToken().substring(8));
  }

  @Test
  void makesListsAndRevokesTokens() {
    IdentityApi identity = contract(registry.exchange(registry.ownerToken()));

    CreatedToken created = create(identity, "ci", "viewer");
    Client viewer = client(created.token());
    assertThat(viewer.get("/api/v1/identity/me").json().get("role").stringValue())
        .isEqualTo("viewer");
    assertThat(viewer.post("experiments/create", "{\"name\": \"x\"}").status()).isEqualTo(403);
    assertThat(identity.tokens()).anyMatch(token -> token.id().equals(created.details().id()));

    identity.revokeToken(created.details().id());
    assertThat(exchange(registry, created.token()).status()).isEqualTo(401);
    assertThat(identity.tokens()).noneMatch(token -> token.id().equals(created.details().id()));
    assertThatThrownBy(() -> identity.revokeToken(created.details().id()))
        .hasMessageContaining("404");
  }

  @Test
  void givesNobodyMoreThanTheirOwnRole() {
    IdentityApi owner = contract(registry.exchange(registry.ownerToken()));
    CreatedToken member = create(owner, "m", "member");

    IdentityApi asMember = contract(owner.exchange(new ExchangeRequest(member.token())).jwt());
    CreatedToken more = create(asMember, "a", "admin");

    assertThat(more.details().role()).isEqualTo("member");
  }

  @Test
  void refusesCallsWithoutATokenOrWithAForgedOne() {
    assertThat(registry.anonymous().get("/api/v1/identity/me").status()).isEqualTo(401);
    Answer mlflow = registry.anonymous().post("runs/search", "{}");
    assertThat(mlflow.status()).isEqualTo(401);
    assertThat(mlflow.json().get("error_code").stringValue()).isEqualTo("UNAUTHENTICATED");
    String forged = dev.unmask.testing.TestTokens.jwt("eve", "local", "admin");
    assertThatThrownBy(() -> contract(forged).me()).hasMessageContaining("401");
  }

  @Test
  void keepsSecretsPrivateAndOverARestartAndAdmitsConfiguredOnes(@TempDir Path folder)
      throws IOException {
    TestDatabase database = PostgresExtension.freshDatabase();
    String token;
    String jwt;
    try (RegistryServer first = RegistryServer.start(database, folder)) {
      token = first.ownerToken();
      jwt = first.exchange(token);
    }
    for (String name : new String[] {"owner.token", "service.token", "signing-key.json"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    Files.delete(folder.resolve("service.token"));

    String secret = "a-secret-of-the-compose-stack-0123456789";
    try (RegistryServer second =
        RegistryServer.start(database, folder, "--unmask.identity.owner-token=" + secret)) {
      assertThat(second.exchange(secret)).isNotEmpty();
      assertThat(second.ownerToken()).isEqualTo(token);
      assertThat(second.exchange(token)).isNotEmpty();
      assertThat(second.exchange(second.serviceToken())).isNotEmpty();
      assertThat(contract(second, jwt).me().name()).isEqualTo("owner");
    }
  }

  @Test
  void recordsWhoDidWhat() {
    registry.team("audited").post("registered-models/create", "{\"name\": \"audited-model\"}");

    var row =
        registry
            .bean(JdbcTemplate.class)
            .queryForMap("SELECT * FROM audit_log WHERE object = 'audited-model'");
    assertThat(row)
        .containsAllEntriesOf(Map.of("action", "model.create", "team_id", "audited"))
        .containsKey("request_id");
    assertThatThrownBy(() -> registry.bean(JdbcTemplate.class).update("DELETE FROM audit_log"))
        .hasMessageContaining("never change");
  }

  private static CreatedToken create(IdentityApi identity, String name, String role) {
    return Objects.requireNonNull(
        identity.createToken(new CreateToken(name, role, null)).getBody());
  }

  private Client client(String token) {
    return registry.as(registry.exchange(token));
  }

  private static Answer exchange(RegistryServer registry, String token) {
    return registry
        .anonymous()
        .send("POST", "/api/v1/identity/exchange", "{\"token\": \"" + token + "\"}");
  }

  private IdentityApi contract(String jwt) {
    return contract(registry, jwt);
  }

  private static IdentityApi contract(RegistryServer registry, String jwt) {
    RestClient rest =
        RestClient.builder()
            .baseUrl(registry.url())
            .defaultHeader("Authorization", "Bearer " + jwt)
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest))
        .build()
        .createClient(IdentityApi.class);
  }
}
