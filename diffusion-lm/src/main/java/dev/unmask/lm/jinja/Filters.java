package dev.unmask.lm.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands after a bar. */
final class Filters {

  private final Budget budget;
  private final ValueTests tests;
  private final Methods methods;

  Filters(Budget budget, ValueTests tests) {
    this.budget = budget;
    this.tests = tests;
    this.methods = new Methods(budget);
  }

  @Nullable Object apply(String name, @Nullable Object value, CallArguments arguments) {
    budget.spend(1);
    return switch (name) {
      case "trim" -> methods.strip(text(value), arguments, true, true);
      case "lower" -> text(value).toLowerCase(Locale.ROOT);
      case "upper" -> text(value).toUpperCase(Locale.ROOT);
      case "title" -> Methods.title(text(value));
      case "capitalize" -> Methods.capitalized(text(value));
      case "string", "safe" -> text(value);
      case "escape", "e" -> escaped(text(value));
      case "replace" -> methods.replace(text(value), arguments.string(0), arguments.string(1));
      case "indent" -> indented(text(value), arguments);
      case "int" -> integer(value);
      case "float" -> Values.isNumber(value) ? Values.number(value) : parsed(value);
      case "abs" -> value instanceof Double number ? Math.abs(number) : Math.abs(longOf(value));
      case "tojson" -> new JsonText(budget).of(value, arguments.option(0, "indent"));
      case "default", "d" -> orElse(value, arguments);
      case "length", "count" -> length(value);
      case "first" -> at(value, 0);
      case "last" -> at(value, -1);
      case "items" -> value instanceof Map<?, ?> map ? Methods.items(map) : new ArrayList<>();
      case "join" -> join(value, arguments);
      default -> list(name, value, arguments);
    };
  }

  private @Nullable Object list(String name, @Nullable Object value, CallArguments arguments) {
    List<@Nullable Object> elements = Values.elements(value, budget);
    switch (name) {
      case "list" -> {}
      case "reverse" -> Collections.reverse(elements);
      case "unique" -> elements = unique(elements);
      case "sort" -> elements.sort((left, right) -> Values.compare(left, right, budget));
      case "map" -> elements.replaceAll(element -> mapped(element, arguments));
      case "select" -> elements.removeIf(element -> !passes(element, arguments));
      case "reject" -> elements.removeIf(element -> passes(element, arguments));
      case "selectattr" -> elements.removeIf(element -> !fieldPasses(element, arguments));
      case "rejectattr" -> elements.removeIf(element -> fieldPasses(element, arguments));
      default -> throw new JinjaException("the filter \"" + name + "\" is not supported");
    }
    return name.equals("reverse") && value instanceof String
        ? methods.join(elements, "")
        : elements;
  }

  private String text(@Nullable Object value) {
    String text = Values.text(value, budget);
    budget.spendText(text.length());
    return text;
  }

  private String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private String indented(String text, CallArguments arguments) {
    Object width = arguments.option(0, "width");
    String indent = " ".repeat(Math.clamp(width == null ? 4 : Values.integer(width), 0, 64));
    String rest = methods.replace(text, "\n", "\n" + indent).replace("\n" + indent + "\n", "\n\n");
    return Values.isTrue(arguments.option(1, "first")) ? indent + rest : rest;
  }

  private static Object integer(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case Boolean truth -> truth ? 1L : 0L;
      case String text when text.strip().matches("[+-]?[0-9]{1,18}") -> Long.valueOf(text.strip());
      case null, default -> 0L;
    };
  }

  private static Object parsed(@Nullable Object value) {
    return value instanceof String text && text.strip().matches("[+-]?[0-9]{1,18}(\\.[0-9]{1,18})?")
        ? Double.parseDouble(text.strip())
        : 0.0;
  }

  private static long longOf(@Nullable Object value) {
    return Values.integer(value);
  }

  private static @Nullable Object orElse(@Nullable Object value, CallArguments arguments) {
    boolean alsoFalse = Values.isTrue(arguments.option(1, "boolean"));
    boolean missing = value instanceof Undefined || (alsoFalse && !Values.isTrue(value));
    return !missing
        ? value
        : arguments.has(0, "default_value") ? arguments.option(0, "default_value") : "";
  }

  private Object length(@Nullable Object value) {
    return value instanceof String text
        ? (long) text.codePointCount(0, text.length())
        : (long) Values.elements(value, budget).size();
  }

  private @Nullable Object at(@Nullable Object value, int index) {
    List<@Nullable Object> elements = Values.elements(value, budget);
    if (elements.isEmpty()) {
      return new Undefined("element");
    }
    return index < 0 ? elements.getLast() : elements.getFirst();
  }

  private String join(@Nullable Object value, CallArguments arguments) {
    List<@Nullable Object> elements = Values.elements(value, budget);
    Object attribute = arguments.option(1, "attribute");
    if (attribute != null) {
      elements.replaceAll(element -> field(element, Values.string(attribute)));
    }
    Object separator = arguments.option(0, "d");
    return methods.join(elements, separator == null ? "" : Values.text(separator, budget));
  }

  private List<@Nullable Object> unique(List<@Nullable Object> elements) {
    List<@Nullable Object> unique = new ArrayList<>();
    for (Object element : elements) {
      if (unique.stream().noneMatch(known -> Values.areEqual(known, element, budget))) {
        unique.add(element);
      }
    }
    return unique;
  }

  private @Nullable Object mapped(@Nullable Object element, CallArguments arguments) {
    Object attribute = arguments.named().get("attribute");
    if (attribute == null) {
      String filter = arguments.string(0);
      return apply(filter, element, arguments.after(1));
    }
    Object field = field(element, Values.string(attribute));
    return field instanceof Undefined && arguments.named().containsKey("default")
        ? arguments.named().get("default")
        : field;
  }

  private boolean passes(@Nullable Object element, CallArguments arguments) {
    return arguments.size() == 0
        ? Values.isTrue(element)
        : tests.holds(arguments.string(0), element, arguments.after(1));
  }

  private boolean fieldPasses(@Nullable Object element, CallArguments arguments) {
    Object field = field(element, arguments.string(0));
    return passes(field, arguments.after(1));
  }

  private static @Nullable Object field(@Nullable Object element, String name) {
    return element instanceof Map<?, ?> map && map.containsKey(name)
        ? map.get(name)
        : new Undefined(name);
  }
}
