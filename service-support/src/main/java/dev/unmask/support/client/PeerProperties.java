package dev.unmask.support.client;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this service reaches the others.
 *
 * @param registry where the registry listens
 * @param serviceTokenFile file that holds the service account's API token
 * @param serviceToken the token itself, where no file is used; wins over the file
 * @param connectTimeout how long a connection may take to open
 * @param readTimeout how long an answer may take
 */
@Validated
@ConfigurationProperties("unmask")
public record PeerProperties(
    @DefaultValue @Valid Registry registry,
    @Nullable Path serviceTokenFile,
    @Nullable String serviceToken,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("60s") Duration readTimeout) {

  /**
   * @param url base address
   */
  public record Registry(@DefaultValue("http://127.0.0.1:8081") @NotNull URI url) {}
}
