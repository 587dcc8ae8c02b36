package dev.unmask.gateway.error;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** How a protocol writes an error down; the path says which protocol was called. */
enum ErrorShape {
  /** RFC 9457, for our own API and everything that belongs to no protocol. */
  PROBLEM {
    @Override
    Map<String, @Nullable Object> body(GatewayFault fault, String path, String requestId) {
      Map<String, @Nullable Object> body = new LinkedHashMap<>();
      body.put("type", "urn:unmask:problem:" + fault.code().name().toLowerCase(Locale.ROOT));
      body.put("title", fault.code().status().getReasonPhrase());
      body.put("status", fault.code().status().value());
      body.put("code", fault.code().name());
      body.put("detail", fault.detail());
      body.put("instance", path);
      body.put("requestId", requestId);
      return body;
    }
  },
  /** The envelope of OpenAI's API; clients raise their own exception type by {@code type}. */
  OPENAI {
    @Override
    Map<String, @Nullable Object> body(GatewayFault fault, String path, String requestId) {
      Map<String, @Nullable Object> error = new LinkedHashMap<>();
      error.put("message", fault.detail());
      error.put("type", fault.code().openAiType());
      error.put("param", null);
      error.put("code", fault.code().openAiCode());
      Map<String, @Nullable Object> body = new LinkedHashMap<>();
      body.put("error", error);
      return body;
    }
  },
  /** MLflow's error body; clients map {@code error_code} back by its name. */
  MLFLOW {
    @Override
    Map<String, @Nullable Object> body(GatewayFault fault, String path, String requestId) {
      Map<String, @Nullable Object> body = new LinkedHashMap<>();
      body.put("error_code", fault.code().mlflowCode());
      body.put("message", fault.detail());
      return body;
    }
  };

  abstract Map<String, @Nullable Object> body(GatewayFault fault, String path, String requestId);

  MediaType mediaType() {
    return this == PROBLEM ? MediaType.APPLICATION_PROBLEM_JSON : MediaType.APPLICATION_JSON;
  }

  static ErrorShape of(String path) {
    if (path.equals("/v1") || path.startsWith("/v1/")) {
      return OPENAI;
    }
    if (path.startsWith("/api/2.0/")
        || path.startsWith("/api/3.0/")
        || path.startsWith("/ajax-api/")
        || path.equals("/get-artifact")
        || path.equals("/model-versions/get-artifact")) {
      return MLFLOW;
    }
    return PROBLEM;
  }
}
