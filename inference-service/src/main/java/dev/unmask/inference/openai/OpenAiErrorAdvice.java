package dev.unmask.inference.openai;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FaultTranslator;
import dev.unmask.support.error.UnmaskException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Renders failures under {@code /v1} in OpenAI's envelope. */
@RestControllerAdvice(basePackageClasses = OpenAiErrorAdvice.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class OpenAiErrorAdvice {
  private static final Logger log = LoggerFactory.getLogger(OpenAiErrorAdvice.class);

  private final FaultTranslator translator = new FaultTranslator();

  @ExceptionHandler(AsyncRequestNotUsableException.class)
  void clientWentAway(AsyncRequestNotUsableException gone) {
    log.debug("client went away: {}", gone.getMessage());
  }

  @ExceptionHandler(Exception.class)
  @Nullable ResponseEntity<OpenAiError> render(
      Exception failure, HttpServletRequest request, HttpServletResponse response) {
    if (response.isCommitted()) {
      log.debug("failure after the first byte", failure);
      return null;
    }
    UnmaskException told = translator.translate(failure);
    if (told.code() == ErrorCode.INTERNAL) {
      log.error("internal fault at {} {}", request.getMethod(), request.getRequestURI(), failure);
    }
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(OpenAiError.status(told)).contentType(MediaType.APPLICATION_JSON);
    Duration retryAfter = told.retryAfter();
    if (retryAfter != null) {
      answer.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    return answer.body(OpenAiError.of(told));
  }
}
