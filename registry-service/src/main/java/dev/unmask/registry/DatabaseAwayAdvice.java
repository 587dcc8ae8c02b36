package dev.unmask.registry;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.Problem;
import dev.unmask.support.observability.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** A database that is busy or away is a 503 that callers repeat, not an internal fault. */
@RestControllerAdvice
@Order(0)
class DatabaseAwayAdvice {
  private static final Logger log = LoggerFactory.getLogger(DatabaseAwayAdvice.class);

  @ExceptionHandler({
    CannotCreateTransactionException.class,
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class
  })
  ResponseEntity<Problem> render(Exception failure, HttpServletRequest request) {
    log.warn("database busy or away: {}", String.valueOf(failure.getMessage()));
    return ResponseEntity.status(ErrorCode.UNAVAILABLE.status())
        .header(HttpHeaders.RETRY_AFTER, "1")
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            Problem.of(
                ErrorCode.UNAVAILABLE,
                "the registry's database is busy or away, try again",
                List.of(),
                request.getRequestURI(),
                RequestId.current()));
  }
}
