package dev.unmask.registry.openapi;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schemas of the API's types, as Jackson writes and reads them: records with their Javadoc,
 * constraints and nullness.
 */
final class Schemas {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Javadocs docs;
  private final SortedMap<String, ObjectNode> components = new TreeMap<>();

  Schemas(Javadocs docs) {
    this.docs = docs;
  }

  /** What the other schemas refer to, by name. */
  SortedMap<String, ObjectNode> components() {
    return components;
  }

  ObjectNode of(AnnotatedType type) {
    ObjectNode schema = of(type.getType(), type);
    constrain(schema, type);
    return type.isAnnotationPresent(Nullable.class) ? orNull(schema) : schema;
  }

  private ObjectNode of(Type type, @Nullable AnnotatedType annotated) {
    if (type instanceof ParameterizedType parameterized) {
      Class<?> raw = (Class<?>) parameterized.getRawType();
      int last = parameterized.getActualTypeArguments().length - 1;
      ObjectNode element =
          annotated instanceof AnnotatedParameterizedType arguments
              ? of(arguments.getAnnotatedActualTypeArguments()[last])
              : of(parameterized.getActualTypeArguments()[last], null);
      if (Map.class.isAssignableFrom(raw)) {
        return object("object").set("additionalProperties", element).asObject();
      }
      if (Collection.class.isAssignableFrom(raw)) {
        return object("array").set("items", element).asObject();
      }
      throw new IllegalArgumentException("no schema for " + type);
    }
    return of((Class<?>) type);
  }

  ObjectNode of(Class<?> type) {
    if (type == String.class) {
      return object("string");
    }
    if (type == boolean.class || type == Boolean.class) {
      return object("boolean");
    }
    if (type == int.class || type == Integer.class) {
      return object("integer").put("format", "int32");
    }
    if (type == long.class || type == Long.class) {
      return object("integer").put("format", "int64");
    }
    if (type == double.class || type == Double.class) {
      components.computeIfAbsent("Double", name -> number());
      return reference("Double");
    }
    if (type == Instant.class) {
      return object("string").put("format", "date-time");
    }
    if (type == Object.class) {
      return JSON.createObjectNode();
    }
    if (type.isRecord() || type.isEnum() || type.isAnnotationPresent(JsonSubTypes.class)) {
      return named(type);
    }
    throw new IllegalArgumentException("no schema for " + type);
  }

  private static ObjectNode number() {
    ObjectNode number =
        JSON.createObjectNode().put("description", "NaN and the infinities are texts.");
    ArrayNode either = number.putArray("oneOf");
    either.add(object("number").put("format", "double"));
    ArrayNode texts = either.addObject().putArray("enum");
    texts.add("NaN").add("Infinity").add("-Infinity");
    return number;
  }

  private ObjectNode named(Class<?> type) {
    String name = name(type);
    if (!components.containsKey(name)) {
      // Put before it is filled, for types that hold themselves.
      ObjectNode schema = JSON.createObjectNode();
      components.put(name, schema);
      if (type.isEnum()) {
        schema.put("type", "string");
        ArrayNode values = schema.putArray("enum");
        for (Object constant : type.getEnumConstants()) {
          values.add(JSON.valueToTree(constant));
        }
      } else if (isArray(type)) {
        fillArray(schema, type);
      } else if (type.isInterface()) {
        fillChoice(schema, type);
      } else {
        fill(schema, type);
      }
      describe(schema, docs.of(type).all());
    }
    return reference(name);
  }

  private static boolean isArray(Class<?> type) {
    JsonFormat format = type.getAnnotation(JsonFormat.class);
    return format != null && format.shape() == JsonFormat.Shape.ARRAY;
  }

  private void fillArray(ObjectNode schema, Class<?> type) {
    schema.put("type", "array");
    ArrayNode items = schema.putArray("prefixItems");
    for (RecordComponent component : type.getRecordComponents()) {
      items.add(of(component.getAnnotatedType()));
    }
    schema.put("minItems", items.size()).put("maxItems", items.size());
  }

  /** One of the records of a sealed interface, told apart by a property that none of them has. */
  private void fillChoice(ObjectNode schema, Class<?> type) {
    String kind = type.getAnnotation(JsonTypeInfo.class).property();
    ArrayNode choices = schema.putArray("oneOf");
    for (JsonSubTypes.Type choice : type.getAnnotation(JsonSubTypes.class).value()) {
      ArrayNode parts = choices.addObject().putArray("allOf");
      parts.add(of(choice.value()));
      ObjectNode named = parts.addObject().put("type", "object");
      named.putObject("properties").putObject(kind).put("const", choice.name());
      named.putArray("required").add(kind);
    }
  }

  private void fill(ObjectNode schema, Class<?> type) {
    schema.put("type", "object");
    ObjectNode properties = JSON.createObjectNode();
    ArrayNode required = JSON.createArrayNode();
    for (RecordComponent component : type.getRecordComponents()) {
      AnnotatedType annotated = component.getAnnotatedType();
      String name = property(component);
      ObjectNode property = of(annotated);
      describe(property, docs.of(type).params().getOrDefault(component.getName(), ""));
      properties.set(name, property);
      if (!annotated.isAnnotationPresent(Nullable.class)) {
        required.add(name);
      }
    }
    schema.set("properties", properties);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
  }

  private static String property(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given == null || given.value().isEmpty() ? component.getName() : given.value();
  }

  /** {@code RunsApi.RunView} is {@code Runs.RunView}. */
  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return outer == null
        ? type.getSimpleName()
        : outer.getSimpleName().replaceAll("Api$", "") + "." + type.getSimpleName();
  }

  static void constrain(ObjectNode schema, AnnotatedElement element) {
    boolean list = schema.path("type").asString("").equals("array");
    Size size = element.getAnnotation(Size.class);
    if (size != null) {
      if (size.min() > 0) {
        schema.put(list ? "minItems" : "minLength", size.min());
      }
      if (size.max() < Integer.MAX_VALUE) {
        schema.put(list ? "maxItems" : "maxLength", size.max());
      }
    }
    if (element.isAnnotationPresent(NotBlank.class)
        || element.isAnnotationPresent(NotEmpty.class)) {
      String least = list ? "minItems" : "minLength";
      schema.put(least, Math.max(1, schema.path(least).asInt(0)));
    }
    Min min = element.getAnnotation(Min.class);
    if (min != null) {
      schema.put("minimum", min.value());
    }
    Max max = element.getAnnotation(Max.class);
    if (max != null) {
      schema.put("maximum", max.value());
    }
    Pattern pattern = element.getAnnotation(Pattern.class);
    if (pattern != null) {
      // Bean Validation matches the whole text, JSON Schema looks for it anywhere.
      schema.put("pattern", "^(?:" + pattern.regexp() + ")$");
    }
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.has("$ref")) {
      ObjectNode either = JSON.createObjectNode();
      either.putArray("oneOf").add(schema).addObject().put("type", "null");
      return either;
    }
    if (schema.has("type")) {
      String type = schema.get("type").stringValue();
      schema.putArray("type").add(type).add("null");
    }
    return schema;
  }

  private static void describe(ObjectNode schema, String text) {
    if (!text.isEmpty()) {
      schema.put("description", text);
    }
  }

  static ObjectNode object(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  static ObjectNode reference(String name) {
    return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }
}
