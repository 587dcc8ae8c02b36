package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks and copies what happens to a text before byte-pair encoding: normalisers and splits. */
final class TextSteps {

  private static final int DEEPEST = 3;
  private static final int LONGEST_INSERT = 16;
  private static final Set<String> UNICODE_FORMS = Set.of("NFC", "NFD", "NFKC", "NFKD");
  private static final Set<String> BEHAVIOURS =
      Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

  private final JsonParts json;

  private TextSteps(JsonParts json) {
    this.json = json;
  }

  static JsonElement normalizers(JsonParts json, JsonObject document) {
    JsonObject step = json.optionalObject(document, "normalizer");
    return step == null ? JsonNull.INSTANCE : new TextSteps(json).normalizer(step, 0);
  }

  static JsonElement preTokenizers(JsonParts json, JsonObject document) {
    JsonObject step = json.optionalObject(document, "pre_tokenizer");
    return step == null ? JsonNull.INSTANCE : new TextSteps(json).preTokenizer(step, 0);
  }

  private JsonObject normalizer(JsonObject step, int depth) {
    String type = String.valueOf(json.text(step, "type"));
    JsonObject checked = typed(type);
    if (UNICODE_FORMS.contains(type)) {
      return checked;
    }
    switch (type) {
      case "Sequence" -> checked.add("normalizers", sequence(step, "normalizers", depth));
      case "Prepend" -> checked.addProperty("prepend", insert(step, "prepend"));
      case "Replace" -> {
        checked.add("pattern", literal(step));
        checked.addProperty("content", insert(step, "content"));
      }
      default -> throw json.fault("normalizer of an unknown type: " + JsonParts.shown(type));
    }
    return checked;
  }

  private JsonObject preTokenizer(JsonObject step, int depth) {
    String type = String.valueOf(json.text(step, "type"));
    JsonObject checked = typed(type);
    switch (type) {
      case "Sequence" -> checked.add("pretokenizers", sequence(step, "pretokenizers", depth));
      case "ByteLevel" -> {
        checked.addProperty("add_prefix_space", json.flag(step, "add_prefix_space", true));
        checked.addProperty("trim_offsets", true);
        checked.addProperty("use_regex", json.flag(step, "use_regex", true));
      }
      case "Digits" ->
          checked.addProperty("individual_digits", json.flag(step, "individual_digits", false));
      case "Split" -> split(step, checked);
      default -> throw json.fault("pre_tokenizer of an unknown type: " + JsonParts.shown(type));
    }
    return checked;
  }

  private void split(JsonObject step, JsonObject checked) {
    JsonObject pattern = json.object(step, "pattern");
    String expression = json.text(pattern, "Regex");
    if (expression == null) {
      checked.add("pattern", literal(step));
    } else {
      json.expect(
          SplitExpression.isKnown(expression),
          "pre_tokenizer splits by an expression that is not known: " + expression);
      JsonObject known = new JsonObject();
      known.addProperty("Regex", expression);
      checked.add("pattern", known);
    }
    String behaviour = json.requiredText(step, "behavior");
    json.expect(BEHAVIOURS.contains(behaviour), "behavior must be one of %s".formatted(BEHAVIOURS));
    checked.addProperty("behavior", behaviour);
    checked.addProperty("invert", json.flag(step, "invert", false));
  }

  private JsonArray sequence(JsonObject step, String name, int depth) {
    json.expect(depth < DEEPEST, name + " must be nested at most %d deep".formatted(DEEPEST));
    JsonArray checked = new JsonArray();
    for (JsonObject part : json.objects(step, name)) {
      checked.add(
          name.equals("normalizers") ? normalizer(part, depth + 1) : preTokenizer(part, depth + 1));
    }
    json.expect(checked.size() <= LONGEST_INSERT, name + " must have at most 16 steps");
    return checked;
  }

  private JsonObject literal(JsonObject step) {
    String text = json.text(json.object(step, "pattern"), "String");
    if (text == null || text.isEmpty()) {
      throw json.fault("pattern must hold a String that is not empty");
    }
    JsonObject checked = new JsonObject();
    checked.addProperty("String", text);
    return checked;
  }

  private @Nullable String insert(JsonObject step, String name) {
    String text = json.requiredText(step, name);
    json.expect(
        text.length() <= LONGEST_INSERT,
        name + " must have at most %d characters".formatted(LONGEST_INSERT));
    return text;
  }

  private static JsonObject typed(String type) {
    JsonObject checked = new JsonObject();
    checked.addProperty("type", type);
    return checked;
  }
}
