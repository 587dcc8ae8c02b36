package dev.unmask.support.error;

import dev.unmask.support.observability.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
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

/** The one place that renders failures of native routes as problem+json. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public class ProblemAdvice {
  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  private final FaultTranslator translator = new FaultTranslator();

  @ExceptionHandler(AsyncRequestNotUsableException.class)
  void clientWentAway(AsyncRequestNotUsableException gone) {
    log.debug("client went away: {}", gone.getMessage());
  }

  /**
   * An answer that has begun can't become another one. Thrown again, the failure ends the
   * connection, so that the client can't take what it got for everything.
   */
  @ExceptionHandler(Exception.class)
  ResponseEntity<Problem> render(
      Exception failure, HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    if (response.isCommitted()) {
      log.warn("failure after the first byte of {}", request.getRequestURI(), failure);
      throw failure;
    }
    UnmaskException told = translator.translate(failure);
    if (told.code() == ErrorCode.INTERNAL) {
      log.error("internal fault at {} {}", request.getMethod(), request.getRequestURI(), failure);
    }
    return answer(told, request.getRequestURI());
  }

  private static ResponseEntity<Problem> answer(UnmaskException told, String path) {
    HttpHeaders headers = new HttpHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    Duration retryAfter = told.retryAfter();
    if (retryAfter != null) {
      headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    Problem body = Problem.of(told.code(), told.detail(), told.faults(), path, RequestId.current());
    return new ResponseEntity<>(body, headers, told.code().status());
  }
}
