package dev.unmask.training.job;

import dev.unmask.support.error.FieldFault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the fields of one JSON object strictly and collects every fault instead of the first. */
final class SpecFields {
  private final JsonNode object;
  private final String path;
  private final List<FieldFault> faults;
  private final Set<String> known = new LinkedHashSet<>();

  SpecFields(JsonNode object, String path, List<FieldFault> faults) {
    this.object = object;
    this.path = path;
    this.faults = faults;
    if (!object.isObject() && !object.isMissingNode()) {
      faults.add(new FieldFault(path.isEmpty() ? "body" : path, "must be a JSON object"));
    }
  }

  boolean has(String field) {
    return value(field) != null;
  }

  int integer(String field, int fallback, int lowest, int highest) {
    return (int) integer(field, (long) fallback, lowest, highest);
  }

  long integer(String field, long fallback, long lowest, long highest) {
    JsonNode value = value(field);
    if (value == null) {
      return fallback;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.longValue();
      if (number >= lowest && number <= highest) {
        return number;
      }
    }
    fault(field, "must be a whole number from " + lowest + " to " + highest + ", was " + value);
    return fallback;
  }

  double number(String field, double fallback, String range, DoublePredicate allowed) {
    JsonNode value = value(field);
    if (value == null) {
      return fallback;
    }
    if (value.isNumber() && allowed.test(value.doubleValue())) {
      return value.doubleValue();
    }
    fault(field, "must be a number in " + range + ", was " + value);
    return fallback;
  }

  String choice(String field, String fallback, List<String> allowed) {
    JsonNode value = value(field);
    if (value == null) {
      return fallback;
    }
    if (value.isString() && allowed.contains(value.stringValue())) {
      return value.stringValue();
    }
    fault(field, "must be one of " + allowed + ", was " + value);
    return fallback;
  }

  @Nullable String text(String field, Pattern allowed, String expectation) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (value.isString() && allowed.matcher(value.stringValue()).matches()) {
      return value.stringValue();
    }
    fault(field, "must be " + expectation + ", was " + shortened(value));
    return null;
  }

  SpecFields object(String field) {
    JsonNode value = value(field);
    return new SpecFields(
        value == null ? tools.jackson.databind.node.MissingNode.getInstance() : value,
        path(field),
        faults);
  }

  List<SpecFields> list(String field, int atMost) {
    JsonNode value = value(field);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.isEmpty() || value.size() > atMost) {
      fault(field, "must be a list of 1 to " + atMost + " objects");
      return List.of();
    }
    List<SpecFields> items = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      items.add(new SpecFields(value.get(i), path(field) + "[" + i + "]", faults));
    }
    return items;
  }

  void fault(String field, String message) {
    faults.add(new FieldFault(path(field), message));
  }

  /** Whether a fault was found in a field or below it. */
  boolean faulty(String field) {
    String at = path(field);
    return faults.stream()
        .anyMatch(fault -> fault.field().equals(at) || fault.field().startsWith(at + "."));
  }

  /** Names every field that nothing asked for. */
  void refuseUnknown() {
    if (!object.isObject()) {
      return;
    }
    for (String field : object.propertyNames()) {
      if (!known.contains(field)) {
        fault(shortened(field), "is not a known field; known are " + known);
      }
    }
  }

  private @Nullable JsonNode value(String field) {
    known.add(field);
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private String path(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static String shortened(Object value) {
    String text = value.toString();
    return text.length() <= 120 ? text : text.substring(0, 120) + "...";
  }
}
