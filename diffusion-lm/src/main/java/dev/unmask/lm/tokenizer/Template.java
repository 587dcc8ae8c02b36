package dev.unmask.lm.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The special tokens a {@code post_processor} puts around a text.
 *
 * @param before ids before the text
 * @param after ids after it
 */
record Template(int[] before, int[] after) {

  private static final Template NONE = new Template(new int[0], new int[0]);

  static Template read(JsonParts json, JsonObject document, Map<String, Integer> names) {
    JsonObject processor = json.optionalObject(document, "post_processor");
    if (processor == null) {
      return NONE;
    }
    if (!"Sequence".equals(json.text(processor, "type"))) {
      return step(json, processor, names);
    }
    Template template = NONE;
    for (JsonObject step : json.objects(processor, "processors")) {
      Template inner = step(json, step, names);
      template =
          new Template(
              joined(inner.before(), template.before()), joined(template.after(), inner.after()));
    }
    return template;
  }

  private static Template step(JsonParts json, JsonObject step, Map<String, Integer> names) {
    String type = String.valueOf(json.text(step, "type"));
    return switch (type) {
      case "ByteLevel" -> NONE; // moves offsets only
      case "TemplateProcessing" -> template(json, json.objects(step, "single"), names);
      default -> throw json.fault("post_processor of an unknown type: " + JsonParts.shown(type));
    };
  }

  private static Template template(
      JsonParts json, List<JsonObject> parts, Map<String, Integer> names) {
    IntList before = new IntList(4);
    IntList after = new IntList(4);
    boolean seen = false;
    for (JsonObject part : parts) {
      if (part.has("Sequence")) {
        json.expect(!seen, "post_processor must hold the text once");
        seen = true;
      } else {
        (seen ? after : before).addAll(new int[] {special(json, part, names)});
      }
    }
    json.expect(seen, "post_processor must hold the text");
    return new Template(before.toArray(), after.toArray());
  }

  private static int special(JsonParts json, JsonObject part, Map<String, Integer> names) {
    JsonElement name = json.object(part, "SpecialToken").get("id");
    Integer id = name == null ? null : names.get(json.string(name));
    if (id == null) {
      throw json.fault("post_processor names an unknown token " + JsonParts.shown(name));
    }
    return id;
  }

  /** The ids with the special tokens around them. */
  int[] around(int[] ids) {
    return joined(joined(before, ids), after);
  }

  private static int[] joined(int[] left, int[] right) {
    int[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template that
        && Arrays.equals(before, that.before)
        && Arrays.equals(after, that.after);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(before) + Arrays.hashCode(after);
  }
}
