package dev.unmask.registry.identity;

import dev.unmask.registry.identity.ApiTokenEntity.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Admits the owner and the services' account before the first request is answered: by configured
 * tokens, or by tokens that are made here and left in files only their owner can read.
 */
@Component
class LocalAccounts implements SmartInitializingSingleton {
  private static final Logger log = LoggerFactory.getLogger(LocalAccounts.class);

  private final IdentityService identity;
  private final IdentityProperties properties;
  private final SecureRandom random;

  LocalAccounts(IdentityService identity, IdentityProperties properties, SecureRandom random) {
    this.identity = identity;
    this.properties = properties;
    this.random = random;
  }

  @Override
  public void afterSingletonsInstantiated() {
    identity.inTurn(
        () -> {
          admit(
              "local owner",
              properties.ownerToken(),
              properties.ownerTokenFile(),
              identity::localOwner);
          admit(
              "services",
              properties.serviceToken(),
              properties.serviceTokenFile(),
              identity::services);
        });
  }

  private void admit(
      String name, @Nullable String secret, @Nullable Path file, Supplier<Account> account) {
    if (secret != null && !secret.isBlank()) {
      identity.admit(account.get(), name + " (configured)", new ApiToken(secret.strip()));
    }
    if (file != null && !holdsValidToken(file)) {
      ApiToken token = ApiToken.random(random);
      identity.admit(account.get(), name + " (file)", token);
      PrivateFile.write(file, token.secret() + "\n");
      log.info("wrote a new token of the {} to {}", name, file);
    }
  }

  private boolean holdsValidToken(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try {
      return identity.admits(new ApiToken(Files.readString(file).strip()));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read the token file " + file, failure);
    }
  }
}
