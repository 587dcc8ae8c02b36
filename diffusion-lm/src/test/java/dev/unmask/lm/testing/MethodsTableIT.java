package dev.unmask.lm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.testing.Covers.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Makes the table of methods in {@code docs/methods.md} from what the tests of this build showed,
 * and fails when the document says something else. {@code -Dmethods.table=write} writes it.
 */
class MethodsTableIT {
  private static final Path PAGE = Path.of("..", "docs", "methods.md");
  private static final String BEGIN =
      "<!-- table: made by MethodsTableIT from the test results -->";
  private static final String END = "<!-- end of table -->";

  private static final List<String> MISSED = List.of("fails", "missing", "incomplete");

  /**
   * A row.
   *
   * @param method as tests name it in {@link Covers}
   * @param cases beginnings of the names of its reference cases
   * @param parts those that it has
   */
  private record Row(String method, String title, List<String> cases, List<Part> parts) {
    static Row of(String method, String title, List<String> cases, Part... parts) {
      List<Part> all = parts.length == 0 ? List.of(Part.values()) : List.of(parts);
      return new Row(method, title, cases, all);
    }
  }

  private static final List<Row> ROWS =
      List.of(
          Row.of("dsm", "DSM", List.of("dsm/")),
          Row.of("sedd", "SEDD", List.of("sedd/")),
          Row.of("radd", "RADD", List.of("radd/", "loader/radd", "toys/")),
          Row.of("mdlm", "MDLM", List.of("mdlm/")),
          Row.of("smdm", "SMDM", List.of("smdm/")),
          Row.of("llada", "LLaDA", List.of("llada/", "e2e/llada", "loader/llada")),
          Row.of("dream", "Dream", List.of("dream/")),
          Row.of("bd3lm", "BD3-LM", List.of("bd3lm/")),
          Row.of("sdar", "SDAR", List.of("sdar/", "e2e/sdar", "loader/sdar")),
          Row.of(
              "fast-dllm-v1",
              "Fast-dLLM v1",
              List.of("llada/decode_fast", "llada/selection", "dream/decode_fast"),
              Part.SAMPLE),
          Row.of(
              "fast-dllm-v2",
              "Fast-dLLM v2",
              List.of("fast_dllm_v2/", "e2e/fast_dllm_v2", "loader/fast_dllm_v2")),
          Row.of("ar", "AR", List.of("ar/", "gguf/")));

  @Test
  void thePageShowsWhatTheTestsShowed() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(CoverageListener.FILE), "no test of the reference cases ran before this one");
    JsonObject report =
        JsonParser.parseString(Files.readString(CoverageListener.FILE)).getAsJsonObject();
    String table = table(flags(report, "cases"), flags(report, "parts"));
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    if ("write".equals(System.getProperty("methods.table"))) {
      Files.writeString(PAGE, page.substring(0, from) + "\n" + table + page.substring(to));
    } else if (!page.substring(from, to).strip().equals(table.strip())) {
      fail(
          "the table in docs/methods.md is not that of the tests; write it by"
              + " mvn -pl diffusion-lm verify -Dmethods.table=write\n"
              + table);
    }
    requireComplete(table);
  }

  /** A part that no test covers is as bad as one whose tests fail. */
  static void requireComplete(String table) {
    assertThat(table.lines().filter(row -> MISSED.stream().anyMatch(row::contains)))
        .as("rows of methods that are not complete")
        .isEmpty();
  }

  @Test
  void refusesATableWithAMissingFailingOrIncompleteCell() {
    String works = "| A | works | works | works | works | 1 of 1 | works |\n";
    requireComplete(works);
    for (String word : MISSED) {
      assertThatThrownBy(() -> requireComplete(works + works.replaceFirst("works", word)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(word);
    }
  }

  private static Map<String, Boolean> flags(JsonObject report, String key) {
    return report.getAsJsonObject(key).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getAsBoolean()));
  }

  private static String table(Map<String, Boolean> cases, Map<String, Boolean> parts) {
    StringBuilder table = new StringBuilder();
    table.append("| method | train | score | sample | load | reference cases | status |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    for (Row row : ROWS) {
      List<String> cells = new ArrayList<>();
      cells.add(row.title());
      for (Part part : Part.values()) {
        cells.add(row.parts().contains(part) ? state(parts.get(row.method() + "/" + part)) : "–");
      }
      List<Boolean> own =
          cases.entrySet().stream()
              .filter(entry -> row.cases().stream().anyMatch(entry.getKey()::startsWith))
              .map(Map.Entry::getValue)
              .toList();
      long passed = own.stream().filter(Boolean::booleanValue).count();
      cells.add(passed + " of " + own.size());
      cells.add(status(cells, passed == own.size() && !own.isEmpty()));
      table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return table.toString();
  }

  private static String state(Boolean passed) {
    if (passed == null) {
      return "missing";
    }
    return passed ? "works" : "fails";
  }

  private static String status(List<String> cells, boolean cases) {
    boolean works =
        cells.stream().noneMatch(cell -> cell.equals("fails") || cell.equals("missing"));
    return works && cases ? "works" : "incomplete";
  }
}
