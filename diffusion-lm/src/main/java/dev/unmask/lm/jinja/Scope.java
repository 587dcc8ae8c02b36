package dev.unmask.lm.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables; what a loop or a macro sets stays inside it. */
final class Scope {

  private final @Nullable Scope outer;
  private final Map<String, @Nullable Object> variables = new HashMap<>();

  Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  void set(String name, @Nullable Object value) {
    variables.put(name, value);
  }

  @Nullable Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.variables.containsKey(name)) {
        return scope.variables.get(name);
      }
    }
    return new Undefined(name);
  }
}
