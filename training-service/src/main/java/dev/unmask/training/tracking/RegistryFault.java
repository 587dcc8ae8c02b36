package dev.unmask.training.tracking;

import dev.unmask.support.error.UnmaskException;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** How a call to the registry failed, and whether waiting can help. */
public sealed interface RegistryFault {
  String detail();

  /** Not reachable, overloaded or broken for now: the same call may work later. */
  record Away(String detail) implements RegistryFault {}

  /**
   * It understood and said no: the same call will fail again.
   *
   * @param code MLflow's error code, for instance RESOURCE_ALREADY_EXISTS
   */
  record Refused(int status, String code, String detail) implements RegistryFault {}

  /** Judges what a client of the registry threw. */
  static RegistryFault of(RuntimeException failure) {
    return switch (failure) {
      case RestClientResponseException answer -> answered(answer);
      case ResourceAccessException io -> new Away("the registry is not reachable");
      case UnmaskException own -> new Away(own.detail());
      case RestClientException other -> new Away("the registry's answer could not be read");
      default -> throw failure;
    };
  }

  private static RegistryFault answered(RestClientResponseException answer) {
    HttpStatusCode status = answer.getStatusCode();
    int value = status.value();
    boolean mayPass = !status.is4xxClientError() || value == 408 || value == 425 || value == 429;
    if (mayPass) {
      return new Away("the registry answered " + value);
    }
    String body = answer.getResponseBodyAsString();
    return new Refused(value, errorCode(body), "the registry answered " + value + ": " + cut(body));
  }

  private static String errorCode(String body) {
    var found =
        java.util.regex.Pattern.compile("\"error_code\"\\s*:\\s*\"([A-Z_]{1,60})\"").matcher(body);
    return found.find() ? found.group(1) : "";
  }

  private static String cut(String body) {
    return body.length() <= 300 ? body : body.substring(0, 300) + "...";
  }
}
