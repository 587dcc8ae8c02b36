package dev.unmask.gateway.routing;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Gives every request an id that goes through all services' logs and back to the caller, and writes
 * the access log: method, path without its query, status, time. Never a header, never a token.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIdFilter implements WebFilter {
  static final String HEADER = "X-Request-Id";

  private static final Logger log = LoggerFactory.getLogger("dev.unmask.gateway.access");
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    String id = keptOrNew(exchange.getRequest().getHeaders().getFirst(HEADER));
    ServerHttpRequest request =
        exchange.getRequest().mutate().headers(headers -> headers.set(HEADER, id)).build();
    exchange.getResponse().getHeaders().set(HEADER, id);
    // What a service answers carries the same header; ours must not stand there twice.
    exchange
        .getResponse()
        .beforeCommit(
            () -> Mono.fromRunnable(() -> exchange.getResponse().getHeaders().set(HEADER, id)));
    long start = System.nanoTime();
    return chain
        .filter(exchange.mutate().request(request).build())
        .doFinally(signal -> log(exchange, id, signal.toString(), start));
  }

  private static String keptOrNew(@Nullable String offered) {
    return offered != null && SANE.matcher(offered).matches()
        ? offered
        : UUID.randomUUID().toString().replace("-", "");
  }

  private static void log(ServerWebExchange exchange, String id, String signal, long start) {
    if (!log.isInfoEnabled()) {
      return;
    }
    HttpStatusCode status = exchange.getResponse().getStatusCode();
    log.info(
        "{} {} {} {} {} ms {}",
        id,
        exchange.getRequest().getMethod(),
        printable(exchange.getRequest().getPath().value()),
        signal.equals("cancel") ? "client-left" : status == null ? "-" : status.value(),
        (System.nanoTime() - start) / 1_000_000,
        peer(exchange));
  }

  private static String printable(String path) {
    String clean = path.replaceAll("[^\\x21-\\x7e]", "?");
    return clean.length() > 200 ? clean.substring(0, 200) + "..." : clean;
  }

  private static String peer(ServerWebExchange exchange) {
    var address = exchange.getRequest().getRemoteAddress();
    return address == null || address.getAddress() == null
        ? "-"
        : address.getAddress().getHostAddress();
  }
}
