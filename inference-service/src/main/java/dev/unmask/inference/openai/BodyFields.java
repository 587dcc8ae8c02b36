package dev.unmask.inference.openai;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads fields of a JSON object with errors that name them. Clients send more fields than a server
 * knows, so the body is read field by field instead of being bound to a record.
 *
 * @param prefix of the names in errors, for instance {@code diffusion.}
 */
record BodyFields(JsonNode object, String prefix) {

  boolean has(String name) {
    JsonNode value = object.get(name);
    return value != null && !value.isNull();
  }

  @Nullable JsonNode get(String name) {
    return has(name) ? object.get(name) : null;
  }

  @Nullable String text(String name) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw invalid(name, "must be a string");
    }
    return value.stringValue();
  }

  @Nullable Boolean flag(String name) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw invalid(name, "must be true or false");
    }
    return value.booleanValue();
  }

  @Nullable Long whole(String name, long least, long most) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw invalid(
          name, "must be a whole number in [%d, %d], was %s".formatted(least, most, shown(value)));
    }
    return value.longValue();
  }

  @Nullable Integer small(String name, int least, int most) {
    Long value = whole(name, least, most);
    return value == null ? null : Math.toIntExact(value);
  }

  /**
   * @param aboveLeast whether {@code least} itself is refused
   */
  @Nullable Double number(String name, double least, boolean aboveLeast, double most) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    boolean inRange = (aboveLeast ? number > least : number >= least) && number <= most;
    if (!inRange) {
      String range = (aboveLeast ? "(" : "[") + least + ", " + most + "]";
      throw invalid(name, "must be a number in " + range + ", was " + shown(value));
    }
    return number;
  }

  /** The object's fields; nothing when it is absent. */
  BodyFields nested(String name, ObjectNode none) {
    JsonNode value = get(name);
    if (value != null && !value.isObject()) {
      throw invalid(name, "must be an object");
    }
    return new BodyFields(value == null ? none : value, prefix + name + ".");
  }

  void refuseOthers(Set<String> known) {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw unsupported(name, "is not known here; known are " + String.join(", ", known));
      }
    }
  }

  UnmaskException invalid(String name, String message) {
    return fault(ErrorCode.INVALID_REQUEST, name, message);
  }

  UnmaskException unsupported(String name, String message) {
    return fault(ErrorCode.UNSUPPORTED_PARAMETER, name, message);
  }

  private UnmaskException fault(ErrorCode code, String name, String message) {
    return UnmaskException.ofField(code, prefix + name, message);
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
