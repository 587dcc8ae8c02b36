package dev.unmask.registry.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one request, whether they came as JSON or as query parameters. Numbers are taken as
 * numbers and as strings, as the protocol's clients write them; unknown fields are ignored.
 */
final class MlflowRequest {
  private static final String SEE =
      " See the API docs for more information about request parameters.";

  private static final Pattern DOUBLE =
      Pattern.compile("[+-]?(NaN|Infinity|(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?)");
  private static final int MOST_RUNS = 100;

  private final JsonNode fields;
  private final String prefix;

  MlflowRequest(JsonNode fields) {
    this(fields, "");
  }

  private MlflowRequest(JsonNode fields, String prefix) {
    this.fields = fields;
    this.prefix = prefix;
  }

  boolean has(String name) {
    return node(name) != null;
  }

  /** The text, null where the field is absent. */
  @Nullable String text(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    if (!node.isString()) {
      throw invalid(name, node);
    }
    return storable(name, node.stringValue());
  }

  String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  String required(String name) {
    String value = text(name);
    if (value == null || value.isEmpty()) {
      throw missing(name);
    }
    return value;
  }

  /** The id of a run, which clients send by its new name, its old one, or both. */
  String runId() {
    String id = text("run_id");
    String old = text("run_uuid");
    String either = id == null || id.isEmpty() ? old : id;
    if (either == null || either.isEmpty()) {
      throw missing("run_id");
    }
    return either;
  }

  /** Ids of 1 to 100 runs. */
  List<String> runIds(String name) {
    List<String> ids = texts(name);
    if (ids.isEmpty()) {
      throw missing(name);
    }
    if (ids.size() > MOST_RUNS) {
      throw fault(
          "Invalid value for parameter '"
              + name
              + "' supplied: at most "
              + MOST_RUNS
              + " runs may be asked for at once, were "
              + ids.size());
    }
    return ids;
  }

  /**
   * A whole number of 64 bits; what does not fit is refused, not brought to the nearest that does.
   */
  @Nullable Long int64(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    try {
      if (node.isIntegralNumber() && node.canConvertToLong()) {
        return node.longValue();
      }
      if (node.isString()) {
        return Long.valueOf(node.stringValue().strip());
      }
      if (node.isNumber()) {
        return node.decimalValue().longValueExact();
      }
    } catch (ArithmeticException | NumberFormatException | JacksonException notInRange) {
      throw invalid(name, node);
    }
    throw invalid(name, node);
  }

  long int64(String name, long otherwise) {
    Long value = int64(name);
    return value == null ? otherwise : value;
  }

  long requiredInt64(String name) {
    Long value = int64(name);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  /** A double; NaN and the infinities come as strings. */
  double requiredDouble(String name) {
    JsonNode node = node(name);
    if (node == null) {
      throw missing(name);
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (!node.isString()) {
      throw invalid(name, node);
    }
    String text = node.stringValue().strip();
    // Java's own parser would take "1d" and "0x1p3" too.
    if (!DOUBLE.matcher(text).matches()) {
      throw invalid(name, node);
    }
    return Double.parseDouble(text);
  }

  boolean bool(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return false;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return switch (node.isString() ? node.stringValue().toLowerCase(Locale.ROOT) : "") {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, node);
    };
  }

  /** A number of results a page. */
  int maxResults(int otherwise, int most) {
    long value = int64("max_results", otherwise);
    if (value <= 0) {
      throw fault(
          "Invalid value "
              + value
              + " for parameter 'max_results' supplied."
              + " It must be a positive integer");
    }
    if (value > most) {
      throw fault(
          "Invalid value "
              + value
              + " for parameter 'max_results' supplied. It must be at most "
              + most);
    }
    return (int) value;
  }

  /** A constant by its name or its number, which a query holds as text; null where it is absent. */
  <E extends Enum<E>> @Nullable E constant(String name, Class<E> type, int firstNumber) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    for (E value : type.getEnumConstants()) {
      String number = Integer.toString(value.ordinal() + firstNumber);
      if (node.isString()
          ? node.stringValue().equals(value.name()) || node.stringValue().equals(number)
          : node.isIntegralNumber() && node.toString().equals(number)) {
        return value;
      }
    }
    throw invalid(name, node);
  }

  /** A repeated text, which a query may also hold once. */
  List<String> texts(String name) {
    JsonNode node = node(name);
    List<String> values = new ArrayList<>();
    if (node == null) {
      return values;
    }
    for (JsonNode item : node.isArray() ? node : List.of(node)) {
      if (!item.isString()) {
        throw invalid(name, item);
      }
      values.add(storable(name, item.stringValue()));
    }
    return values;
  }

  /** A repeated message. */
  List<MlflowRequest> messages(String name) {
    JsonNode node = node(name);
    List<MlflowRequest> messages = new ArrayList<>();
    if (node == null) {
      return messages;
    }
    if (!node.isArray()) {
      throw invalid(name, node);
    }
    for (JsonNode item : node) {
      if (!item.isObject()) {
        throw invalid(name, item);
      }
      messages.add(new MlflowRequest(item, prefix + name + "[" + messages.size() + "]."));
    }
    return messages;
  }

  /** A nested message. */
  MlflowRequest requiredMessage(String name) {
    JsonNode node = node(name);
    if (node == null) {
      throw missing(name);
    }
    if (!node.isObject()) {
      throw invalid(name, node);
    }
    return new MlflowRequest(node, prefix + name + ".");
  }

  /** Messages of {@code key} and {@code value}; of repeated keys the last counts. */
  SortedMap<String, String> tags(String name) {
    SortedMap<String, String> tags = new TreeMap<>();
    for (MlflowRequest tag : messages(name)) {
      tags.put(tag.required("key"), tag.text("value", ""));
    }
    return tags;
  }

  UnmaskException missing(String name) {
    return fault("Missing value for required parameter '" + prefix + name + "'." + SEE);
  }

  static UnmaskException fault(String message) {
    return new UnmaskException(ErrorCode.INVALID_REQUEST, message);
  }

  private @Nullable JsonNode node(String name) {
    JsonNode node = fields.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /**
   * PostgreSQL's texts can't hold the character NUL, and half of a surrogate pair is no character:
   * it would be stored as a question mark, and the same value sent again would look changed.
   */
  private String storable(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\0') {
        throw unstorable(name, "it holds a NUL character");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isSurrogatePair(c, i + 1 < value.length() ? value.charAt(i + 1) : ' ')) {
          throw unstorable(name, "it holds half of a surrogate pair, send whole characters");
        }
        i++;
      }
    }
    return value;
  }

  private UnmaskException unstorable(String name, String why) {
    return fault("Invalid value for parameter '" + prefix + name + "': " + why);
  }

  private UnmaskException invalid(String name, JsonNode node) {
    // By way of bytes, as half of a surrogate pair could not be answered either.
    String shown = new String(node.toString().getBytes(UTF_8), UTF_8);
    return fault(
        "Invalid value "
            + TagRules.cut(shown, 200)
            + " for parameter '"
            + prefix
            + name
            + "' supplied:  Hint: Value was of type '"
            + kind(node)
            + "'."
            + SEE);
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "str";
      case NUMBER -> node.isIntegralNumber() ? "int" : "float";
      case BOOLEAN -> "bool";
      case ARRAY -> "list";
      case OBJECT -> "dict";
      default -> "NoneType";
    };
  }
}
