package dev.unmask.lm.jinja;

import java.util.LinkedHashMap;

/** The functions every template can call. */
final class Globals {

  private Globals() {}

  static void define(Scope scope, Budget budget) {
    scope.set("range", (Callable) arguments -> Interpreter.range(arguments, budget));
    scope.set("dict", (Callable) arguments -> new LinkedHashMap<>(arguments.named()));
    scope.set(
        "namespace",
        (Callable)
            arguments -> {
              Namespace namespace = new Namespace();
              namespace.fields.putAll(arguments.named());
              return namespace;
            });
    scope.set(
        "raise_exception",
        (Callable)
            arguments -> {
              throw new JinjaException(
                  "the template refuses: " + Values.text(arguments.get(0), budget));
            });
  }
}
