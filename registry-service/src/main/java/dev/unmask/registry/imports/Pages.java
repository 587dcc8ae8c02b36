package dev.unmask.registry.imports;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads lists of MLflow's answers. */
final class Pages {
  /** A server that gives the same token again and again shall not keep an import busy for ever. */
  private static final int MOST_PAGES = 100_000;

  private Pages() {}

  /** A call for one page; the token is null for the first. */
  @FunctionalInterface
  interface Call {
    JsonNode page(@Nullable String token);
  }

  static void each(Call call, String field, Consumer<JsonNode> page) {
    String token = null;
    for (int number = 0; number < MOST_PAGES; number++) {
      JsonNode answer = call.page(token);
      page.accept(answer.path(field));
      String next = answer.path("next_page_token").asString("");
      if (next.isEmpty() || next.equals(token)) {
        return;
      }
      token = next;
    }
    throw new SourceFault.NotToBeHad("the server's list of " + field + " never ends");
  }

  /** A query with the token of the page, where there is one. */
  static Map<String, String> query(Map<String, String> query, @Nullable String token) {
    Map<String, String> all = new LinkedHashMap<>(query);
    if (token != null) {
      all.put("page_token", token);
    }
    return all;
  }

  /** A body with the token of the page, where there is one. */
  static Map<String, Object> body(Map<String, Object> body, @Nullable String token) {
    Map<String, Object> all = new LinkedHashMap<>(body);
    if (token != null) {
      all.put("page_token", token);
    }
    return all;
  }

  /** Entries of {@code key} and {@code value}. */
  static SortedMap<String, String> entries(JsonNode list) {
    SortedMap<String, String> entries = new TreeMap<>();
    for (JsonNode entry : list) {
      entries.put(entry.path("key").asString(""), entry.path("value").asString(""));
    }
    return entries;
  }

  /** A whole number, which MLflow writes as a number or as a text. */
  static long number(JsonNode value, long otherwise) {
    return value.isString() ? parse(value.stringValue(), otherwise) : value.asLong(otherwise);
  }

  private static long parse(String text, long otherwise) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException none) {
      return otherwise;
    }
  }

  /** A value of a metric, which is a text where JSON has no number for it. */
  static double value(JsonNode value) {
    if (!value.isString()) {
      return value.asDouble();
    }
    return switch (value.stringValue()) {
      case "NaN" -> Double.NaN;
      case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw new SourceFault.NotToBeHad("the server has a metric that is no number");
    };
  }
}
