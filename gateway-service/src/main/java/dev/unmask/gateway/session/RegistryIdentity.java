package dev.unmask.gateway.session;

import java.time.Instant;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import reactor.core.publisher.Mono;

/** The one call the gateway makes on its own behalf; reactive, unlike registry-api's. */
@HttpExchange("/api/v1/identity")
interface RegistryIdentity {

  @PostExchange("/exchange")
  Mono<Exchanged> exchange(@RequestBody Exchange request);

  record Exchange(String token) {
    @Override
    public String toString() {
      return "Exchange[token hidden]";
    }
  }

  record Exchanged(String jwt, Instant expiresAt) {}
}
