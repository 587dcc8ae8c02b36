package dev.unmask.lm.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps(value, ensure_ascii=False)}: a space after colon and comma. */
final class JsonText {

  private static final int DEEPEST = 32;
  private static final int WIDEST = 16;

  private final Budget budget;
  private final StringBuilder text = new StringBuilder();
  private @Nullable String indent;

  JsonText(Budget budget) {
    this.budget = budget;
  }

  String of(@Nullable Object value, @Nullable Object width) {
    indent = width == null ? null : " ".repeat(Math.clamp(Values.integer(width), 0, WIDEST));
    append(value, 0);
    return text.toString();
  }

  private void append(@Nullable Object value, int depth) {
    if (depth > DEEPEST) {
      throw new JinjaException("a value must be nested at most " + DEEPEST + " deep");
    }
    switch (value) {
      case null -> text.append("null");
      case Boolean truth -> text.append(truth);
      case Long number -> text.append(number);
      case Double number -> text.append(number);
      case String string -> quoted(string);
      case List<?> list -> list(list, depth);
      case Map<?, ?> map -> map(map, depth);
      default -> throw new JinjaException(Values.kind(value) + " has no JSON");
    }
    budget.spend(1);
  }

  private void list(List<?> list, int depth) {
    text.append('[');
    for (int i = 0; i < list.size(); i++) {
      separate(i == 0, depth + 1);
      append(list.get(i), depth + 1);
    }
    close(list.isEmpty(), depth);
    text.append(']');
  }

  private void map(Map<?, ?> map, int depth) {
    text.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      separate(first, depth + 1);
      quoted(Values.text(entry.getKey(), budget));
      text.append(": ");
      append(entry.getValue(), depth + 1);
      first = false;
    }
    close(map.isEmpty(), depth);
    text.append('}');
  }

  private void separate(boolean first, int depth) {
    if (indent == null) {
      text.append(first ? "" : ", ");
    } else {
      text.append(first ? "\n" : ",\n").append(indent.repeat(depth));
    }
  }

  private void close(boolean empty, int depth) {
    if (indent != null && !empty) {
      text.append('\n').append(indent.repeat(depth));
    }
  }

  private void quoted(String string) {
    budget.spendText((long) text.length() + string.length());
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char next = string.charAt(i);
      switch (next) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> text.append(next < ' ' ? "\\u%04x".formatted((int) next) : next);
      }
    }
    text.append('"');
  }
}
