package dev.unmask.registry.mlflow;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.Problem;
import dev.unmask.support.observability.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Addresses with traversals, encoded separators and the like never reach a controller: the HTTP
 * firewall refuses them. Here the refusal gets the words of the protocol.
 */
@Configuration(proxyBeanMethods = false)
class RefusedRequests {
  private static final List<String> PREFIXES = List.of("/api/2.0/", "/api/3.0/", "/ajax-api/");

  @Bean
  RequestRejectedHandler refusals(JsonMapper json) {
    return (request, response, refusal) -> refuse(request, response, json);
  }

  /** The server itself would refuse these with a page of HTML; let the firewall see them. */
  @Bean
  WebServerFactoryCustomizer<TomcatWebServerFactory> encodedSeparators() {
    return factory ->
        factory.addConnectorCustomizers(
            connector -> {
              String passThrough = EncodedSolidusHandling.PASS_THROUGH.getValue();
              connector.setEncodedSolidusHandling(passThrough);
              connector.setEncodedReverseSolidusHandling(passThrough);
            });
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, JsonMapper json)
      throws IOException {
    String path = request.getRequestURI();
    boolean mlflow = PREFIXES.stream().anyMatch(path::startsWith);
    response.setStatus(HttpStatus.BAD_REQUEST.value());
    response.setContentType(
        mlflow ? MediaType.APPLICATION_JSON_VALUE : MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    json.writeValue(
        response.getOutputStream(),
        mlflow
            ? new MlflowError(MlflowErrorCode.INVALID_PARAMETER_VALUE.name(), "Invalid path")
            : Problem.of(
                ErrorCode.INVALID_REQUEST,
                "the address holds a sequence that is not allowed",
                List.of(),
                null,
                RequestId.current()));
  }
}
