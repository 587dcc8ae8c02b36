package dev.unmask.registry.identity;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param signingKeyFile key that signs JWTs; made at the first start, readable by its owner alone
 * @param ownerTokenFile where the local owner's token is written when it is absent or not valid
 * @param serviceTokenFile likewise for the account of the other services
 * @param ownerToken the owner's token itself, for stacks that are given their secrets
 * @param serviceToken likewise for the account of the other services
 * @param jwtLife how long a signed token is valid
 * @param wrongTokensPerMinute exchanges of wrong tokens answered 401; more are answered 429
 */
@Validated
@ConfigurationProperties("unmask.identity")
record IdentityProperties(
    @NotNull Path signingKeyFile,
    @Nullable Path ownerTokenFile,
    @Nullable Path serviceTokenFile,
    @Nullable @Size(min = 32, message = "must have at least 32 characters") String ownerToken,
    @Nullable @Size(min = 32, message = "must have at least 32 characters") String serviceToken,
    @DefaultValue("5m") Duration jwtLife,
    @DefaultValue("120") @Min(1) int wrongTokensPerMinute) {

  /** Never the secrets: records print their components. */
  @Override
  public String toString() {
    return "IdentityProperties[signingKeyFile=" + signingKeyFile + "]";
  }
}
