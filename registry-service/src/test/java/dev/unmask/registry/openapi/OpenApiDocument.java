package dev.unmask.registry.openapi;

import dev.unmask.registry.openapi.Javadocs.Comment;
import dev.unmask.support.error.Problem;
import dev.unmask.support.security.Role;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.ValueConstants;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The native API as an OpenAPI 3.1 document. */
final class OpenApiDocument {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PROBLEM = "application/problem+json";
  private static final Pattern STATUS = Pattern.compile("(?<![\\w,.-])([245]\\d\\d)\\b(?!,\\d|-)");

  /** What handlers answer that write their bodies themselves. */
  private static final Map<String, List<String>> STREAMED =
      Map.of(
          "/api/v1/registry/runs/export",
          List.of("application/vnd.apache.parquet", "application/x-ndjson", "text/csv"),
          "/api/v1/registry/runs/export/points",
          List.of("application/vnd.apache.parquet", "application/x-ndjson", "text/csv"),
          "/api/v1/registry/audit/export",
          List.of("application/x-ndjson"));

  private final Javadocs docs;
  private final Schemas schemas;
  private final Set<String> operationIds = new HashSet<>();
  private final List<String> undocumented = new ArrayList<>();
  private final ObjectNode root = JSON.createObjectNode();

  OpenApiDocument(Javadocs docs, List<NativeRoute> routes) {
    this.docs = docs;
    this.schemas = new Schemas(docs);
    root.put("openapi", "3.1.0");
    root.putObject("info")
        .put("title", "Unmask registry")
        .put("version", "1")
        .put(
            "description",
            "The native API of the registry, made from its routes and their documentation. Beside"
                + " it the registry speaks MLflow's REST protocol. Errors are problem+json"
                + " (RFC 9457) with a stable code. Calls of the service account name the team that"
                + " they are for in the header X-Unmask-Team.");
    root.putArray("security").addObject().putArray("token");
    ObjectNode paths = root.putObject("paths");
    for (NativeRoute route : routes) {
      ObjectNode path =
          paths.has(route.path())
              ? paths.get(route.path()).asObject()
              : paths.putObject(route.path());
      if (path.has(route.method())) {
        addContent(path.get(route.method()).asObject(), route);
      } else {
        path.set(route.method(), operation(route));
      }
    }
    ObjectNode components = root.putObject("components");
    schemas.of(Problem.class);
    components
        .putObject("securitySchemes")
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer");
    ObjectNode named = components.putObject("schemas");
    schemas.components().forEach(named::set);
  }

  ObjectNode root() {
    return root;
  }

  /** Routes that say nothing of themselves. */
  List<String> undocumented() {
    return undocumented;
  }

  private ObjectNode operation(NativeRoute route) {
    Comment comment =
        route.contract() == null ? docs.of(route.handler().getMethod()) : docs.of(route.contract());
    if (comment.summary().isEmpty()) {
      undocumented.add(route + " (" + route.handler().getShortLogMessage() + ")");
    }
    ObjectNode operation = JSON.createObjectNode();
    operation.putArray("tags").add(route.feature());
    operation.put("operationId", operationId(route));
    operation.put("summary", comment.summary());
    String details = String.join("\n\n", List.of(comment.details(), comment.returns())).strip();
    if (!details.isEmpty()) {
      operation.put("description", details);
    }
    Role role = route.role();
    if (role == null) {
      operation.putArray("security");
    } else {
      operation.put("x-required-role", role.wireName());
    }
    addInputs(operation, route, comment);
    addResponses(operation, route, comment, role != null);
    return operation;
  }

  private String operationId(NativeRoute route) {
    Method contract = route.contract();
    String id =
        contract == null
            ? route.feature() + "_" + route.handler().getMethod().getName()
            : StringUtils.uncapitalize(
                    contract.getDeclaringClass().getSimpleName().replaceAll("Api$", ""))
                + "_"
                + contract.getName();
    String unique = id;
    for (int number = 2; !operationIds.add(unique); number++) {
      unique = id + number;
    }
    return unique;
  }

  private void addInputs(ObjectNode operation, NativeRoute route, Comment comment) {
    ArrayNode parameters = JSON.createArrayNode();
    for (Parameter parameter : route.handler().getMethod().getParameters()) {
      PathVariable variable =
          AnnotatedElementUtils.findMergedAnnotation(parameter, PathVariable.class);
      RequestParam query =
          AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
      if (variable != null) {
        add(parameters, parameter, variable.name(), "path", true, comment);
      } else if (query != null) {
        boolean optional =
            !query.required() || !query.defaultValue().equals(ValueConstants.DEFAULT_NONE);
        ObjectNode added = add(parameters, parameter, query.name(), "query", !optional, comment);
        if (!query.defaultValue().equals(ValueConstants.DEFAULT_NONE)) {
          added.path("schema").asObject().put("default", query.defaultValue());
        }
      } else if (parameter.isAnnotationPresent(RequestBody.class)) {
        ObjectNode body = operation.putObject("requestBody").put("required", true);
        body.putObject("content")
            .putObject("application/json")
            .set("schema", schemas.of(parameter.getAnnotatedType()));
      }
    }
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
  }

  private ObjectNode add(
      ArrayNode parameters,
      Parameter parameter,
      String given,
      String in,
      boolean required,
      Comment comment) {
    String name = given.isEmpty() ? parameter.getName() : given;
    ObjectNode added =
        parameters.addObject().put("name", name).put("in", in).put("required", required);
    String text = comment.params().getOrDefault(name, "");
    if (!text.isEmpty()) {
      added.put("description", text);
    }
    added.set("schema", schemas.of(parameter.getAnnotatedType()));
    return added;
  }

  private void addResponses(
      ObjectNode operation, NativeRoute route, Comment comment, boolean withRole) {
    Set<Integer> errors = new TreeSet<>();
    int success = 0;
    Matcher told = STATUS.matcher(comment.all());
    while (told.find()) {
      int status = Integer.parseInt(told.group(1));
      if (HttpStatus.resolve(status) == null) {
        continue;
      }
      if (status >= 400) {
        errors.add(status);
      } else if (success == 0) {
        success = status;
      }
    }
    if (withRole) {
      errors.add(401);
      errors.add(403);
    }
    if (operation.has("parameters") || operation.has("requestBody")) {
      errors.add(400);
    }
    if (route.path().contains("{")) {
      errors.add(404);
    }
    ObjectNode responses = operation.putObject("responses");
    ResponseStatus stated = route.handler().getMethodAnnotation(ResponseStatus.class);
    ObjectNode content = content(route);
    if (stated != null) {
      success = stated.code().value();
    } else if (success == 0) {
      success = content.isEmpty() ? 204 : 200;
    }
    ObjectNode answer = responses.putObject(Integer.toString(success));
    answer.put("description", HttpStatus.valueOf(success).getReasonPhrase());
    if (!content.isEmpty()) {
      answer.set("content", content);
    }
    errors.forEach(status -> responses.set(Integer.toString(status), problem(status)));
    responses.set("default", problem(0));
  }

  private static ObjectNode problem(int status) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put(
        "description",
        status == 0 ? "Any other failure" : HttpStatus.valueOf(status).getReasonPhrase());
    answer
        .putObject("content")
        .putObject(PROBLEM)
        .set("schema", Schemas.reference(Problem.class.getSimpleName()));
    return answer;
  }

  /** A second handler of the same route answers another media type. */
  private void addContent(ObjectNode operation, NativeRoute route) {
    for (var answer : operation.get("responses").asObject().properties()) {
      if (answer.getKey().startsWith("2")) {
        ObjectNode content = answer.getValue().get("content").asObject();
        content(route).properties().forEach(one -> content.set(one.getKey(), one.getValue()));
      }
    }
  }

  private ObjectNode content(NativeRoute route) {
    ObjectNode content = JSON.createObjectNode();
    List<String> streamed = STREAMED.get(route.path());
    if (streamed != null) {
      streamed.forEach(type -> content.putObject(type).set("schema", binary()));
      return content;
    }
    AnnotatedType answer = unwrapped(route.handler().getMethod().getAnnotatedReturnType());
    if (answer.getType() == void.class || answer.getType() == Void.class) {
      return content;
    }
    List<String> types = route.produced();
    if (answer.getType() == Resource.class) {
      String type = types.isEmpty() ? "application/octet-stream" : types.getFirst();
      content.putObject(type).set("schema", binary());
    } else {
      String type = types.isEmpty() ? "application/json" : types.getFirst();
      content.putObject(type).set("schema", schemas.of(answer));
    }
    return content;
  }

  private static ObjectNode binary() {
    return Schemas.object("string").put("format", "binary");
  }

  private static AnnotatedType unwrapped(AnnotatedType type) {
    return type instanceof AnnotatedParameterizedType wrapped
            && wrapped.getType() instanceof java.lang.reflect.ParameterizedType parameterized
            && parameterized.getRawType() == ResponseEntity.class
        ? wrapped.getAnnotatedActualTypeArguments()[0]
        : type;
  }
}
