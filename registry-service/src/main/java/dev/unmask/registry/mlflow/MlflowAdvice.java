package dev.unmask.registry.mlflow;

import dev.unmask.registry.database.DatabaseOutage;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FaultTranslator;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Renders failures in MLflow's envelope, on MLflow's routes only. */
@RestControllerAdvice(basePackageClasses = MlflowAdvice.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class MlflowAdvice {
  private static final Logger log = LoggerFactory.getLogger(MlflowAdvice.class);

  private final FaultTranslator translator = new FaultTranslator();

  @ExceptionHandler(AsyncRequestNotUsableException.class)
  void clientWentAway(AsyncRequestNotUsableException gone) {
    log.debug("client went away: {}", gone.getMessage());
  }

  @ExceptionHandler(Exception.class)
  @Nullable ResponseEntity<MlflowError> render(
      Exception failure, HttpServletRequest request, HttpServletResponse response) {
    if (response.isCommitted()) {
      log.warn("failure after the first byte of {}", request.getRequestURI(), failure);
      return null;
    }
    UnmaskException told = translate(failure);
    String message = told.detail();
    if (told.code() == ErrorCode.INTERNAL) {
      log.error("internal fault at {} {}", request.getMethod(), request.getRequestURI(), failure);
      message = "internal fault, request id " + RequestId.current();
    }
    return answer(told, message);
  }

  /** Clients repeat a 503, but give a 400 up for lost: an overload must not look like one. */
  private UnmaskException translate(Exception failure) {
    if (DatabaseOutage.causes(failure)) {
      log.warn("database busy or away: {}", String.valueOf(failure.getMessage()));
      return UnmaskException.retryLater(
          ErrorCode.UNAVAILABLE, DatabaseOutage.MESSAGE, Duration.ofSeconds(1));
    }
    return translator.translate(failure);
  }

  private static ResponseEntity<MlflowError> answer(UnmaskException told, String message) {
    MlflowErrorCode code = MlflowErrorCode.of(told.code());
    boolean tooLarge = told.code().status() == HttpStatus.CONTENT_TOO_LARGE;
    HttpHeaders headers = new HttpHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    Duration retryAfter = told.retryAfter();
    if (retryAfter != null) {
      headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    return new ResponseEntity<>(
        new MlflowError(code.name(), message),
        headers,
        tooLarge ? HttpStatus.CONTENT_TOO_LARGE : code.status());
  }
}
