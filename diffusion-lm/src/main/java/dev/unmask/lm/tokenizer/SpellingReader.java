package dev.unmask.lm.tokenizer;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code decoder} of a {@code tokenizer.json}. */
final class SpellingReader {

  private static final int MOST_LEADING_SPACES = 16;

  private final JsonParts json;
  private final Map<String, String> replacements = new LinkedHashMap<>();
  private boolean byteFallback;
  private int leadingSpaces;

  SpellingReader(JsonParts json) {
    this.json = json;
  }

  TokenSpelling read(JsonObject document) {
    JsonObject decoder = json.object(document, "decoder");
    if ("ByteLevel".equals(json.text(decoder, "type"))) {
      return new TokenSpelling.ByteLevel();
    }
    List<JsonObject> steps =
        "Sequence".equals(json.text(decoder, "type"))
            ? json.objects(decoder, "decoders")
            : List.of(decoder);
    if (steps.size() == 1 && "ByteLevel".equals(json.text(steps.getFirst(), "type"))) {
      return new TokenSpelling.ByteLevel();
    }
    steps.forEach(this::step);
    return new TokenSpelling.Replaced(replacements, byteFallback, leadingSpaces);
  }

  private void step(JsonObject step) {
    String type = String.valueOf(json.text(step, "type"));
    switch (type) {
      case "Replace" -> replace(step);
      case "ByteFallback" -> byteFallback = true;
      case "Fuse" -> {}
      case "Strip" -> strip(step);
      default -> throw json.fault("decoder of an unknown type: " + JsonParts.shown(type));
    }
  }

  private void replace(JsonObject step) {
    json.expect(
        replacements.isEmpty() && !byteFallback, "decoder must replace once, before the bytes");
    String pattern = json.requiredText(json.object(step, "pattern"), "String");
    String content = json.requiredText(step, "content");
    json.expect(
        !pattern.isEmpty() && content.length() <= MOST_LEADING_SPACES,
        "decoder must replace a text by a short one");
    replacements.put(pattern, content);
  }

  private void strip(JsonObject step) {
    leadingSpaces = json.integer(step.get("start"), "decoder start");
    json.expect(
        " ".equals(json.text(step, "content"))
            && leadingSpaces >= 0
            && leadingSpaces <= MOST_LEADING_SPACES
            && json.integer(step.get("stop"), "decoder stop") == 0,
        "decoder may strip at most %d spaces, at the start only".formatted(MOST_LEADING_SPACES));
  }
}
