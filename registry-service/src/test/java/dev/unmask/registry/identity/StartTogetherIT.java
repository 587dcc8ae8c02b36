package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.Together;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** What replicas make at their start, made by many at the same moment. */
class StartTogetherIT {
  private static final int REPLICAS = 16;

  @Test
  void signWithOneKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys/signing-key.json");

    List<JWKSet> keys = Together.run(REPLICAS, () -> TokenSigner.of(file).publicKeys());

    assertThat(keys).hasSize(REPLICAS).containsOnly(TokenSigner.of(file).publicKeys());
    try (var files = Files.list(folder.resolve("keys"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void makeTheLocalAccountsOnce(@TempDir Path folder) throws Exception {
    try (RegistryServer registry = RegistryServer.start()) {
      JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
      jdbc.update("DELETE FROM users WHERE name = 'owner'");
      jdbc.update("DELETE FROM teams WHERE name = 'local'");
      IdentityService identity = registry.bean(IdentityService.class);
      Path ownerFile = folder.resolve("owner.token");
      IdentityProperties settings =
          new IdentityProperties(
              folder.resolve("unused"),
              ownerFile,
              null,
              "a-token-of-the-owner-for-all-replicas-0123456",
              null,
              Duration.ofMinutes(5),
              100);

      Together.run(
          REPLICAS,
          () -> {
            new LocalAccounts(identity, settings, new SecureRandom()).afterSingletonsInstantiated();
            return true;
          });

      assertThat(jdbc.queryForList("SELECT name FROM users ORDER BY name", String.class))
          .containsExactly("owner", "services");
      assertThat(
              jdbc.queryForList(
                  "SELECT name FROM api_tokens WHERE role = 'admin' ORDER BY name", String.class))
          .containsExactly("local owner (configured)", "local owner (file)");
      assertThat(registry.exchange(Files.readString(ownerFile).strip())).isNotEmpty();
    }
  }
}
