package dev.unmask.gateway.error;

import org.springframework.http.HttpStatus;

/**
 * What the gateway itself can answer, with each protocol's word for it. Both the names and the
 * words are the ones the services use for the same fault: clients can't tell who refused a request.
 */
public enum FaultCode {
  INVALID_REQUEST(400, "INVALID_PARAMETER_VALUE", "invalid_request_error", "invalid_request"),
  UNAUTHENTICATED(401, "UNAUTHENTICATED", "authentication_error", "invalid_api_key"),
  FORBIDDEN(403, "PERMISSION_DENIED", "permission_error", "forbidden"),
  ROUTE_NOT_FOUND(404, "ENDPOINT_NOT_FOUND", "invalid_request_error", "unknown_url"),
  METHOD_NOT_ALLOWED(405, "ENDPOINT_NOT_FOUND", "invalid_request_error", "method_not_allowed"),
  BODY_TOO_LARGE(413, "INVALID_PARAMETER_VALUE", "invalid_request_error", "body_too_large"),
  UNSUPPORTED_MEDIA_TYPE(
      415, "INVALID_PARAMETER_VALUE", "invalid_request_error", "unsupported_media_type"),
  RATE_LIMITED(429, "REQUEST_LIMIT_EXCEEDED", "requests", "rate_limit_exceeded"),
  INTERNAL(500, "INTERNAL_ERROR", "server_error", "internal"),
  UNAVAILABLE(503, "TEMPORARILY_UNAVAILABLE", "server_error", "unavailable");

  private final int status;
  private final String mlflowCode;
  private final String openAiType;
  private final String openAiCode;

  FaultCode(int status, String mlflowCode, String openAiType, String openAiCode) {
    this.status = status;
    this.mlflowCode = mlflowCode;
    this.openAiType = openAiType;
    this.openAiCode = openAiCode;
  }

  public HttpStatus status() {
    return HttpStatus.valueOf(status);
  }

  String mlflowCode() {
    return mlflowCode;
  }

  String openAiType() {
    return openAiType;
  }

  String openAiCode() {
    return openAiCode;
  }
}
