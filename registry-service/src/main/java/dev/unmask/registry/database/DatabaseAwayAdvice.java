package dev.unmask.registry.database;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.Problem;
import dev.unmask.support.observability.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * On native routes, a database that is busy or away is a 503 that callers repeat, and a text that
 * it can't hold a 400.
 */
@RestControllerAdvice
@Order(0)
class DatabaseAwayAdvice {
  private static final Logger log = LoggerFactory.getLogger(DatabaseAwayAdvice.class);

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<Problem> render(Exception failure, HttpServletRequest request) {
    if (DatabaseOutage.causes(failure)) {
      log.warn("database busy or away: {}", String.valueOf(failure.getMessage()));
      return answer(ErrorCode.UNAVAILABLE, DatabaseOutage.MESSAGE, request);
    }
    if (UnstorableText.causes(failure)) {
      return answer(ErrorCode.INVALID_REQUEST, UnstorableText.MESSAGE, request);
    }
    log.error("internal fault at {} {}", request.getMethod(), request.getRequestURI(), failure);
    return answer(
        ErrorCode.INTERNAL, "internal fault; the request id finds it in the logs", request);
  }

  private static ResponseEntity<Problem> answer(
      ErrorCode code, String detail, HttpServletRequest request) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(code.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (code == ErrorCode.UNAVAILABLE) {
      answer.header(HttpHeaders.RETRY_AFTER, "1");
    }
    return answer.body(
        Problem.of(code, detail, List.of(), request.getRequestURI(), RequestId.current()));
  }
}
