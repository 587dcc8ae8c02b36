package dev.unmask.lm.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields that a loop may set for what comes after it. */
final class Namespace {

  final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
}
