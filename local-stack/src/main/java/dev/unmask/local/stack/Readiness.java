package dev.unmask.local.stack;

import dev.unmask.local.Poll;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Waits until every service says that it takes requests. */
final class Readiness {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final StackPorts ports;
  private final DataDirectory data;

  Readiness(StackPorts ports, DataDirectory data) {
    this.ports = ports;
    this.data = data;
  }

  /**
   * @throws StackFailure when a service has failed or the time is up; names it and its log
   */
  void await(Services services) {
    Set<ServiceKind> missing = EnumSet.allOf(ServiceKind.class);
    Optional<String> outcome;
    try (HttpClient http = HttpClient.newHttpClient()) {
      outcome =
          Poll.until(
              LIMIT,
              INTERVAL,
              () -> {
                missing.removeIf(kind -> ready(http, kind));
                return missing.isEmpty()
                    ? Optional.of("")
                    : Optional.ofNullable(services.failure());
              });
    }
    String failure = outcome.orElseGet(() -> "not ready in time: " + names(missing));
    if (!failure.isEmpty()) {
      throw new StackFailure(failure + ". The logs are in " + data.logs() + ".");
    }
  }

  private boolean ready(HttpClient http, ServiceKind kind) {
    URI uri = URI.create(ports.url(kind) + "/actuator/health/readiness");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String names(Set<ServiceKind> kinds) {
    return kinds.stream().map(ServiceKind::id).collect(Collectors.joining(", "));
  }
}
