package dev.unmask.registry.mlflow;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Resolves {@link MlflowRequest} arguments: GET by its query, everything else by its JSON body. */
@Configuration(proxyBeanMethods = false)
class MlflowRequestArgument implements WebMvcConfigurer, HandlerMethodArgumentResolver {
  private final JsonMapper json;
  private final long maxBody;
  private final long maxLongBody;

  MlflowRequestArgument(JsonMapper json, MlflowProperties properties) {
    this.json = json;
    this.maxBody = properties.maxBody().toBytes();
    this.maxLongBody = properties.maxInputsBody().toBytes();
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == MlflowRequest.class;
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
    long most = parameter.hasParameterAnnotation(LongBody.class) ? maxLongBody : maxBody;
    return new MlflowRequest(
        request.getMethod().equals("GET") ? query(request) : body(request, most));
  }

  private ObjectNode query(HttpServletRequest request) {
    ObjectNode fields = json.createObjectNode();
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              if (values.length == 1) {
                fields.put(name, values[0]);
              } else {
                for (String value : values) {
                  fields.withArray(name).add(value);
                }
              }
            });
    return fields;
  }

  private ObjectNode body(HttpServletRequest request, long most) throws IOException {
    return object(bytes(request, most));
  }

  /** The whole body, whose size and type are checked; empty where there is none. */
  byte[] bytes(HttpServletRequest request) throws IOException {
    return bytes(request, maxBody);
  }

  private byte[] bytes(HttpServletRequest request, long most) throws IOException {
    if (request.getContentLengthLong() > most) {
      throw tooLarge(most);
    }
    byte[] bytes = request.getInputStream().readNBytes((int) most + 1);
    if (bytes.length > most) {
      throw tooLarge(most);
    }
    if (bytes.length > 0) {
      checkContentType(request.getContentType());
    }
    return bytes;
  }

  /** The fields of a body; none of an empty one. */
  ObjectNode object(byte[] bytes) {
    if (bytes.length == 0) {
      return json.createObjectNode();
    }
    try {
      JsonNode tree = json.readTree(bytes);
      // Some old clients encode the object twice.
      JsonNode inner = tree.isString() ? json.readTree(tree.stringValue()) : tree;
      if (inner instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException broken) {
      throw MlflowRequest.fault("Bad Request. The body is not valid JSON.");
    }
    throw MlflowRequest.fault("Bad Request. The body must be a JSON object.");
  }

  private static void checkContentType(@Nullable String type) {
    try {
      if (type != null && MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.valueOf(type))) {
        return;
      }
    } catch (InvalidMediaTypeException unreadable) {
      // told below like any other type
    }
    throw MlflowRequest.fault("Bad Request. Content-Type should be application/json, was " + type);
  }

  private static UnmaskException tooLarge(long most) {
    return new UnmaskException(
        ErrorCode.BODY_TOO_LARGE, "a request body may have at most " + most + " bytes");
  }
}
