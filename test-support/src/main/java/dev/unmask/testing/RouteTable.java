package dev.unmask.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What each route must answer to each kind of caller, as a table in the tests' resources.
 *
 * <p>A line holds words that are parted by any number of blanks: method ({@code ANY} for a route
 * that takes every one), route, then one column for each name in the table's first line ({@code
 * columns: ...}), then an example request, which may hold blanks. Lines that begin with {@code #}
 * are comments. {@code NAME:REST} in the second column stands for the prefixes that a line {@code
 * prefix NAME: A B} names.
 */
public final class RouteTable {
  private final String file;
  private final List<Line> lines;

  private RouteTable(String file, List<Line> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * One route.
   *
   * @param number of its line in the file
   * @param cells what stands in each of the table's columns
   * @param request the example request, {@code -} for none
   */
  public record Line(
      int number, String method, String route, Map<String, String> cells, String request) {

    public String cell(String column) {
      String cell = cells.get(column);
      if (cell == null) {
        throw new IllegalArgumentException("the table has no column " + column);
      }
      return cell;
    }

    /** Whether the status is the one the column names, exactly or by its class ({@code 2xx}). */
    public boolean expects(String column, int status) {
      String cell = cell(column);
      return cell.equals(Integer.toString(status))
          || cell.equals(Integer.toString(status / 100) + "xx");
    }

    @Override
    public String toString() {
      return method + " " + route;
    }
  }

  /** The table beside a test class, among its resources. */
  public static RouteTable beside(Class<?> test, String name) {
    try (InputStream in = test.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name + " beside " + test.getName());
      }
      return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The table of a file. */
  public static RouteTable of(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The table of a text. */
  public static RouteTable parse(String file, String text) {
    List<Line> lines = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    Map<String, List<String>> prefixes = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.strip();
      if (content.startsWith("columns:")) {
        columns.addAll(List.of(content.substring("columns:".length()).strip().split("\\s+")));
      } else if (content.startsWith("prefix ")) {
        String[] words = content.split("\\s+");
        String name = words[1].substring(0, words[1].length() - 1);
        prefixes.put(name, List.of(words).subList(2, words.length));
      } else if (!content.isEmpty() && !content.startsWith("#")) {
        lines.addAll(lines(file, number, content, columns, prefixes));
      }
    }
    return new RouteTable(file, lines);
  }

  public List<Line> lines() {
    return lines;
  }

  /** The routes that are served and that no line of the table names, as method and pattern. */
  public List<String> unlisted(Collection<String> served) {
    TreeSet<String> left = new TreeSet<>(served);
    lines.forEach(line -> left.remove(line.toString()));
    return List.copyOf(left);
  }

  /** The lines whose routes are not served any more, each with what to do about it. */
  public List<String> stale(Collection<String> served) {
    return lines.stream()
        .filter(line -> !served.contains(line.toString()))
        .map(
            line ->
                file
                    + " line "
                    + line.number()
                    + ": "
                    + line
                    + " is no route any more, remove the line")
        .toList();
  }

  private static List<Line> lines(
      String file,
      int number,
      String content,
      List<String> columns,
      Map<String, List<String>> prefixes) {
    String[] words = content.split("\\s+", columns.size() + 3);
    if (words.length < columns.size() + 2) {
      throw new IllegalArgumentException(
          file + " line " + number + " must have method, route and the columns " + columns);
    }
    Map<String, String> cells = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      cells.put(columns.get(i), words[i + 2]);
    }
    String request = words.length > columns.size() + 2 ? words[columns.size() + 2] : "-";
    return routes(words[1], prefixes).stream()
        .map(route -> new Line(number, words[0], route, cells, request))
        .toList();
  }

  private static List<String> routes(String word, Map<String, List<String>> prefixes) {
    int colon = word.indexOf(':');
    List<String> known = colon < 0 ? null : prefixes.get(word.substring(0, colon));
    return known == null
        ? List.of(word)
        : known.stream().map(prefix -> prefix + word.substring(colon + 1)).toList();
  }
}
