package dev.unmask.registry.text;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Refuses what no column of PostgreSQL can hold: the character NUL, and half of a surrogate pair,
 * which is no character at all.
 */
public final class StorableText {
  private StorableText() {}

  /**
   * @throws UnmaskException INVALID_REQUEST naming the field
   */
  public static String check(String field, String text) {
    if (!isStorable(text)) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, List.of(fault(field)));
    }
    return text;
  }

  /**
   * Checks every text of a request, however deep.
   *
   * @throws UnmaskException INVALID_REQUEST naming each field, such as {@code panels[2].runs[0]}
   */
  public static void check(JsonNode request) {
    List<FieldFault> faults = new ArrayList<>();
    collect("", request, faults);
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
    }
  }

  private static void collect(String path, JsonNode node, List<FieldFault> faults) {
    if (node.isString()) {
      if (!isStorable(node.stringValue())) {
        faults.add(fault(path));
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(path + "[" + i + "]", node.get(i), faults);
      }
    } else {
      node.properties()
          .forEach(
              field ->
                  collect(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      faults));
    }
  }

  private static FieldFault fault(String field) {
    return new FieldFault(field, "must hold neither a NUL character nor half of a surrogate pair");
  }

  private static boolean isStorable(String text) {
    return text.codePoints()
        .noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
  }
}
