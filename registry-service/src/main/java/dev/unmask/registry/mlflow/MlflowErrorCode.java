package dev.unmask.registry.mlflow;

import dev.unmask.support.error.ErrorCode;
import org.springframework.http.HttpStatus;

/** The protocol's names of failures, with the status each is answered by. */
enum MlflowErrorCode {
  INVALID_PARAMETER_VALUE(HttpStatus.BAD_REQUEST),
  RESOURCE_ALREADY_EXISTS(HttpStatus.BAD_REQUEST),
  UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),
  PERMISSION_DENIED(HttpStatus.FORBIDDEN),
  RESOURCE_DOES_NOT_EXIST(HttpStatus.NOT_FOUND),
  ENDPOINT_NOT_FOUND(HttpStatus.NOT_FOUND),
  RESOURCE_CONFLICT(HttpStatus.CONFLICT),
  RESOURCE_EXHAUSTED(HttpStatus.TOO_MANY_REQUESTS),
  INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR),
  NOT_IMPLEMENTED(HttpStatus.NOT_IMPLEMENTED),
  TEMPORARILY_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE);

  private final HttpStatus status;

  MlflowErrorCode(HttpStatus status) {
    this.status = status;
  }

  HttpStatus status() {
    return status;
  }

  static MlflowErrorCode of(ErrorCode code) {
    return switch (code) {
      case ALREADY_EXISTS -> RESOURCE_ALREADY_EXISTS;
      // Clients tell a missing alias from a missing model by this.
      case MODEL_ALIAS_NOT_FOUND -> INVALID_PARAMETER_VALUE;
      case ROUTE_NOT_FOUND, METHOD_NOT_ALLOWED -> ENDPOINT_NOT_FOUND;
      default ->
          switch (code.status()) {
            case UNAUTHORIZED -> UNAUTHENTICATED;
            case FORBIDDEN -> PERMISSION_DENIED;
            case NOT_FOUND -> RESOURCE_DOES_NOT_EXIST;
            case CONFLICT -> RESOURCE_CONFLICT;
            case TOO_MANY_REQUESTS -> RESOURCE_EXHAUSTED;
            case SERVICE_UNAVAILABLE -> TEMPORARILY_UNAVAILABLE;
            case NOT_IMPLEMENTED -> NOT_IMPLEMENTED;
            case INTERNAL_SERVER_ERROR -> INTERNAL_ERROR;
            default -> INVALID_PARAMETER_VALUE;
          };
    };
  }
}
