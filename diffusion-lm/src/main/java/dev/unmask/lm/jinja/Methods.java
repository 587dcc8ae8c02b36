package dev.unmask.lm.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of strings and mappings that change nothing. */
final class Methods {

  private final Budget budget;

  Methods(Budget budget) {
    this.budget = budget;
  }

  /** The method of that name, null where the value has none. */
  @Nullable Callable of(@Nullable Object owner, String name) {
    return switch (owner) {
      case String text -> ofText(text, name);
      case Map<?, ?> map -> ofMapping(map, name);
      case null, default -> null;
    };
  }

  private static @Nullable Callable ofMapping(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> arguments -> items(map);
      case "keys" -> arguments -> copy(map.keySet());
      case "values" -> arguments -> copy(map.values());
      case "get" ->
          arguments ->
              map.containsKey(arguments.get(0))
                  ? map.get(arguments.get(0))
                  : arguments.option(1, "default");
      default -> null;
    };
  }

  private static List<@Nullable Object> copy(Collection<?> elements) {
    List<@Nullable Object> copy = new ArrayList<>();
    for (Object element : elements) {
      copy.add(element);
    }
    return copy;
  }

  private static List<@Nullable Object> lines(String text) {
    return copy(text.lines().toList());
  }

  static List<@Nullable Object> items(Map<?, ?> map) {
    List<@Nullable Object> items = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      List<@Nullable Object> pair = new ArrayList<>(2);
      pair.add(entry.getKey());
      pair.add(entry.getValue());
      items.add(pair);
    }
    return items;
  }

  private @Nullable Callable ofText(String text, String name) {
    return switch (name) {
      case "strip" -> arguments -> strip(text, arguments, true, true);
      case "lstrip" -> arguments -> strip(text, arguments, true, false);
      case "rstrip" -> arguments -> strip(text, arguments, false, true);
      case "upper" -> arguments -> paid(text).toUpperCase(Locale.ROOT);
      case "lower" -> arguments -> paid(text).toLowerCase(Locale.ROOT);
      case "title" -> arguments -> title(paid(text));
      case "capitalize" -> arguments -> capitalized(paid(text));
      case "startswith" -> arguments -> anyOf(arguments.get(0), text::startsWith);
      case "endswith" -> arguments -> anyOf(arguments.get(0), text::endsWith);
      case "split" -> arguments -> split(text, arguments);
      case "splitlines" -> arguments -> lines(paid(text));
      case "replace" -> arguments -> replace(text, arguments.string(0), arguments.string(1));
      case "find" -> arguments -> (long) paid(text).indexOf(arguments.string(0));
      case "removeprefix" ->
          arguments ->
              text.startsWith(arguments.string(0))
                  ? text.substring(arguments.string(0).length())
                  : text;
      case "removesuffix" ->
          arguments ->
              text.endsWith(arguments.string(0))
                  ? text.substring(0, text.length() - arguments.string(0).length())
                  : text;
      case "isdigit" ->
          arguments -> !text.isEmpty() && paid(text).codePoints().allMatch(Character::isDigit);
      case "isspace" -> arguments -> !text.isEmpty() && paid(text).isBlank();
      case "join" -> arguments -> join(Values.elements(arguments.get(0), budget), text);
      default -> null;
    };
  }

  private String paid(String text) {
    budget.spendText(text.length());
    return text;
  }

  private static boolean anyOf(@Nullable Object ends, Predicate<String> matches) {
    return ends instanceof List<?> list
        ? list.stream().anyMatch(end -> matches.test(Values.string(end)))
        : matches.test(Values.string(ends));
  }

  /** Takes white space, or the characters of the argument, off the ends. */
  String strip(String text, CallArguments arguments, boolean start, boolean end) {
    budget.spendText(text.length());
    String characters = arguments.option(0, "chars") == null ? null : arguments.string(0);
    int from = 0;
    int to = text.length();
    while (start && from < to && isStripped(text.charAt(from), characters)) {
      from++;
    }
    while (end && to > from && isStripped(text.charAt(to - 1), characters)) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isStripped(char character, @Nullable String characters) {
    return characters == null
        ? Character.isWhitespace(character) || character == 0x85 || Character.isSpaceChar(character)
        : characters.indexOf(character) >= 0;
  }

  private List<@Nullable Object> split(String text, CallArguments arguments) {
    budget.spendText(text.length());
    if (arguments.option(0, "sep") == null) {
      return copy(Arrays.stream(text.split("\\s+")).filter(part -> !part.isEmpty()).toList());
    }
    String separator = arguments.string(0);
    if (separator.isEmpty()) {
      throw new JinjaException("split needs a separator");
    }
    int most = arguments.size() > 1 ? Values.integer(arguments.get(1)) : -1;
    List<@Nullable Object> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && parts.size() != most;
        at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    budget.spend(parts.size());
    return parts;
  }

  String replace(String text, String part, String by) {
    long longest =
        part.isEmpty()
            ? text.length() + (text.length() + 1L) * by.length()
            : text.length() + (long) (text.length() / part.length()) * by.length();
    budget.spendText(longest);
    return text.replace(part, by);
  }

  String join(List<@Nullable Object> elements, String separator) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < elements.size(); i++) {
      text.append(i == 0 ? "" : separator).append(Values.text(elements.get(i), budget));
      budget.spendText(i % 64 == 0 ? text.length() : 0);
    }
    budget.spendText(text.length());
    return text.toString();
  }

  static String capitalized(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      title.append(inWord ? Character.toLowerCase(next) : Character.toTitleCase(next));
      inWord = Character.isLetter(next);
    }
    return title.toString();
  }
}
