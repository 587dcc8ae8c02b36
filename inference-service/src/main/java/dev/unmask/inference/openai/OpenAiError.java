package dev.unmask.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The envelope that OpenAI's clients read errors from; absent values are written as null. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record OpenAiError(Body error) {

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Body(String message, String type, @Nullable String param, @Nullable String code) {}

  static OpenAiError of(UnmaskException told) {
    String param = told.faults().isEmpty() ? null : told.faults().getFirst().field();
    return new OpenAiError(new Body(told.detail(), type(told), param, code(told.code())));
  }

  /** A deployment that loads is an outage to these clients: they retry a 503, not our 409. */
  static HttpStatus status(UnmaskException told) {
    return told.code() == ErrorCode.DEPLOYMENT_NOT_READY
        ? HttpStatus.SERVICE_UNAVAILABLE
        : told.code().status();
  }

  private static String type(UnmaskException told) {
    return switch (status(told)) {
      case UNAUTHORIZED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case TOO_MANY_REQUESTS -> "rate_limit_error";
      case SERVICE_UNAVAILABLE -> "overloaded_error";
      case INTERNAL_SERVER_ERROR -> "server_error";
      default -> "invalid_request_error";
    };
  }

  private static @Nullable String code(ErrorCode code) {
    return switch (code) {
      case MODEL_NOT_FOUND -> "model_not_found";
      case PROMPT_TOO_LONG -> "context_length_exceeded";
      case UNSUPPORTED_PARAMETER -> "unsupported_parameter";
      case UNAUTHENTICATED -> "invalid_api_key";
      case QUEUE_FULL, RATE_LIMITED -> "rate_limit_exceeded";
      case DEPLOYMENT_NOT_READY, UNAVAILABLE, REGISTRY_UNAVAILABLE -> "overloaded";
      case ROUTE_NOT_FOUND -> "unknown_url";
      case INVALID_REQUEST -> "invalid_value";
      default -> code.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
