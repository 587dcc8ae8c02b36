package dev.unmask.lm.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a function, method, filter or test is given, by position and by name. */
record CallArguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

  int size() {
    return positional.size();
  }

  /**
   * @throws JinjaException if there are not so many
   */
  @Nullable Object get(int index) {
    if (index >= positional.size()) {
      throw new JinjaException("expected at least %d arguments".formatted(index + 1));
    }
    return positional.get(index);
  }

  String string(int index) {
    return Values.string(get(index));
  }

  /** The argument at a position or of a name, null where neither is given. */
  @Nullable Object option(int index, String name) {
    return index < positional.size() ? positional.get(index) : named.get(name);
  }

  boolean has(int index, String name) {
    return index < positional.size() || named.containsKey(name);
  }

  /** Without the first {@code count} by position. */
  CallArguments after(int count) {
    return new CallArguments(
        positional.subList(Math.min(count, positional.size()), positional.size()), Map.of());
  }
}
