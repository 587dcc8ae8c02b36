package dev.unmask.gateway.error;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Renders every failure that the gateway itself meets; what services answer passes unchanged. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class FaultRenderer implements WebExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(FaultRenderer.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(failure);
    }
    GatewayFault fault = translate(exchange, failure);
    String path = exchange.getRequest().getPath().value();
    String requestId = response.getHeaders().getFirst("X-Request-Id");
    if (fault.code() == FaultCode.INTERNAL) {
      log.error("request {} failed inside the gateway", requestId, failure);
    } else if (fault.code() == FaultCode.UNAVAILABLE) {
      log.warn("request {}: {} ({})", requestId, fault.detail(), failure.toString());
    }
    ErrorShape shape = ErrorShape.of(path);
    response.setStatusCode(fault.code().status());
    response.getHeaders().setContentType(shape.mediaType());
    addProtocolHeaders(response.getHeaders(), fault);
    Map<String, @Nullable Object> body =
        shape.body(fault, path, requestId == null ? "" : requestId);
    DataBuffer bytes = response.bufferFactory().wrap(JSON.writeValueAsBytes(body));
    response.getHeaders().setContentLength(bytes.readableByteCount());
    return response.writeWith(Mono.just(bytes));
  }

  private static void addProtocolHeaders(HttpHeaders headers, GatewayFault fault) {
    if (fault.code() == FaultCode.UNAUTHENTICATED) {
      // Not "Basic": a browser would open its password window over the dashboard's own sign-in.
      headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"unmask\"");
    }
    Duration retryAfter = fault.retryAfter();
    if (retryAfter != null) {
      headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    headers.setCacheControl("no-store");
  }

  private static GatewayFault translate(ServerWebExchange exchange, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof GatewayFault fault) {
        return fault;
      }
    }
    return switch (failure) {
      case ResponseStatusException status -> ofStatus(exchange, status);
      case ConnectTimeoutException timeout -> upstreamAway(exchange);
      case TimeoutException timeout -> upstreamAway(exchange);
      case UnknownHostException unknown -> upstreamAway(exchange);
      case ClosedChannelException closed -> upstreamAway(exchange);
      // Refused, reset, closed before the answer: all of them are IOExceptions of the connection.
      case IOException broken -> upstreamAway(exchange);
      default ->
          GatewayFault.of(FaultCode.INTERNAL, "internal fault; the request id is in the log");
    };
  }

  private static GatewayFault upstreamAway(ServerWebExchange exchange) {
    Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    Object service = route == null ? null : route.getMetadata().get("service");
    return GatewayFault.unavailable(service == null ? "the service" : service.toString());
  }

  private static GatewayFault ofStatus(
      ServerWebExchange exchange, ResponseStatusException failure) {
    String path = exchange.getRequest().getPath().value();
    return switch (failure.getStatusCode().value()) {
      case 400 -> GatewayFault.of(FaultCode.INVALID_REQUEST, "the request cannot be read");
      case 403 -> GatewayFault.of(FaultCode.FORBIDDEN, "this request is not allowed");
      case 404 -> GatewayFault.of(FaultCode.ROUTE_NOT_FOUND, "nothing is served at " + path);
      case 405 ->
          GatewayFault.of(
              FaultCode.METHOD_NOT_ALLOWED,
              exchange.getRequest().getMethod() + " is not served at " + path);
      case 413 -> GatewayFault.of(FaultCode.BODY_TOO_LARGE, "the body is too large");
      case 415 ->
          GatewayFault.of(
              FaultCode.UNSUPPORTED_MEDIA_TYPE, "send the body as Content-Type application/json");
      case 503, 504 -> upstreamAway(exchange);
      default ->
          GatewayFault.of(FaultCode.INTERNAL, "internal fault; the request id is in the log");
    };
  }
}
