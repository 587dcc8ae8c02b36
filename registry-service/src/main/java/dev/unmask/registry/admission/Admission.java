package dev.unmask.registry.admission;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Sheds what would only wait: under an overload clients get an answer that they repeat, instead of
 * none within their time. Bodies are not read before a request is let in.
 */
@Configuration(proxyBeanMethods = false)
class Admission implements WebMvcConfigurer, AsyncHandlerInterceptor {
  private static final String GATE = Admission.class.getName();

  private final Gate requests;
  private final Gate transfers;
  private final Counter shed;

  Admission(AdmissionProperties limits, MeterRegistry meters) {
    this.requests = new Gate(limits.requests(), limits.waiting(), limits.longestWait());
    this.transfers = new Gate(limits.transfers(), limits.waiting(), limits.longestWait());
    this.shed =
        Counter.builder(MetricNames.REGISTRY_SHED)
            .description("requests refused because there was enough to do")
            .register(meters);
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  /** An asynchronous answer is let in once, when its request comes. */
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || !(handler instanceof HandlerMethod method)) {
      return true;
    }
    Gate gate = method.hasMethodAnnotation(FileTransfer.class) ? transfers : requests;
    if (!gate.enter()) {
      shed.increment();
      throw UnmaskException.retryLater(
          ErrorCode.UNAVAILABLE, "the registry is busy, try again", Duration.ofSeconds(1));
    }
    request.setAttribute(GATE, gate);
    return true;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    leave(request);
  }

  /** The thread that waits for the answer is not one of the server's. */
  @Override
  public void afterConcurrentHandlingStarted(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    leave(request);
  }

  private static void leave(HttpServletRequest request) {
    if (request.getAttribute(GATE) instanceof Gate gate) {
      request.removeAttribute(GATE);
      gate.leave();
    }
  }
}
