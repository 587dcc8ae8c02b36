package dev.unmask.lm.jinja;

import org.jspecify.annotations.Nullable;

/** A function, a method of a value or a macro. */
@FunctionalInterface
interface Callable {
  @Nullable Object call(CallArguments arguments);
}
