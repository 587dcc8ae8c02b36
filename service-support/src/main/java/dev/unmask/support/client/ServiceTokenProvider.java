package dev.unmask.support.client;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** The service account's signed token, exchanged at the registry and kept until it expires. */
public final class ServiceTokenProvider {
  private static final Duration EARLY = Duration.ofSeconds(30);

  private final RestClient registry;
  private final PeerProperties peers;
  private final Clock clock;
  private @Nullable Exchanged current;

  ServiceTokenProvider(RestClient registry, PeerProperties peers, Clock clock) {
    this.registry = registry;
    this.peers = peers;
    this.clock = clock;
  }

  /**
   * A token that is valid for at least half a minute.
   *
   * @throws UnmaskException with {@link ErrorCode#REGISTRY_UNAVAILABLE} when the registry is away
   *     or refuses the account
   */
  public synchronized String jwt() {
    Exchanged known = current;
    if (known == null || clock.instant().isAfter(known.expiresAt().minus(EARLY))) {
      known = exchange();
      current = known;
    }
    return known.jwt();
  }

  private Exchanged exchange() {
    try {
      Exchanged fresh =
          registry
              .post()
              .uri("/api/v1/identity/exchange")
              .contentType(MediaType.APPLICATION_JSON)
              .body(Map.of("token", apiToken()))
              .retrieve()
              .body(Exchanged.class);
      if (fresh == null) {
        throw away("answered the exchange without a body", null);
      }
      return fresh;
    } catch (RestClientException failure) {
      throw away("cannot exchange the service token: " + failure.getMessage(), failure);
    }
  }

  private String apiToken() {
    String value = peers.serviceToken();
    if (value != null && !value.isBlank()) {
      return value;
    }
    Path file = peers.serviceTokenFile();
    if (file == null) {
      throw away("cannot be asked: set unmask.service-token-file or unmask.service-token", null);
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException missing) {
      throw away("has not written the service token file yet", missing);
    }
  }

  private static UnmaskException away(String what, @Nullable Throwable cause) {
    String detail = "the registry " + what;
    return cause == null
        ? new UnmaskException(ErrorCode.REGISTRY_UNAVAILABLE, detail)
        : new UnmaskException(ErrorCode.REGISTRY_UNAVAILABLE, detail, cause);
  }

  private record Exchanged(String jwt, Instant expiresAt) {}
}
