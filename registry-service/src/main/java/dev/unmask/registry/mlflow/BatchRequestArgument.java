package dev.unmask.registry.mlflow;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Resolves {@link BatchRequest} arguments. */
@Configuration(proxyBeanMethods = false)
class BatchRequestArgument implements WebMvcConfigurer, HandlerMethodArgumentResolver {
  private final MlflowRequestArgument requests;
  private final BatchParser parser;

  BatchRequestArgument(MlflowRequestArgument requests, JsonMapper json) {
    this.requests = requests;
    this.parser = new BatchParser(json);
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == BatchRequest.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest webRequest,
      @Nullable WebDataBinderFactory binders)
      throws IOException {
    HttpServletRequest request =
        Objects.requireNonNull(webRequest.getNativeRequest(HttpServletRequest.class));
    byte[] body = requests.bytes(request);
    return parser
        .parse(body)
        .orElseGet(() -> new BatchRequest(new MlflowRequest(requests.object(body)), null));
  }
}
