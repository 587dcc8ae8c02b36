package dev.unmask.benchmarks.registry;

import com.google.gson.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The signed token that the gateway would send on: exchanged again before it ends. */
final class ServiceToken implements Supplier<String> {
  private static final long FRESH = Duration.ofMinutes(1).toNanos();

  private final RegistryClient anonymous;
  private final String apiToken;
  private @Nullable String jwt;
  private long exchanged;

  ServiceToken(URI registry, String apiToken) {
    this.anonymous = new RegistryClient(registry, () -> "");
    this.apiToken = apiToken;
  }

  @Override
  public synchronized String get() {
    String known = jwt;
    if (known != null && System.nanoTime() - exchanged < FRESH) {
      return known;
    }
    JsonObject request = new JsonObject();
    request.addProperty("token", apiToken);
    String fresh =
        anonymous
            .post("/api/v1/identity/exchange", request.toString())
            .json()
            .get("jwt")
            .getAsString();
    jwt = fresh;
    exchanged = System.nanoTime();
    return fresh;
  }
}
