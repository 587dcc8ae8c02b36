package dev.unmask.lm.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A family's row of the table in {@code docs/decoding.md}: algorithms, top-k, guidance. */
record DocumentedSettings(List<String> algorithms, boolean topK, boolean guidance) {
  private static final Path PAGE = Path.of("..", "docs", "decoding.md");
  private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

  static DocumentedSettings of(String family) {
    String row =
        lines().stream()
            .filter(line -> line.startsWith("| " + family + " "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(PAGE + " has no row for " + family));
    String[] cells = row.split("\\|");
    List<String> names = NAME.matcher(cells[2]).results().map(DocumentedSettings::name).toList();
    return new DocumentedSettings(names, says(cells[3]), says(cells[4]));
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }

  private static boolean says(String cell) {
    return cell.strip().equals("yes");
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void matches(DiffusionModel model) {
    List<String> names = model.algorithms().stream().map(Algorithm::name).toList();
    assertThat(algorithms).containsExactlyInAnyOrderElementsOf(names);
    assertThat(algorithms.getFirst()).isEqualTo(names.getFirst());
    DecodeSettings defaults = model.defaults();
    assertThat(accepts(model, defaults.withTopK(3))).as("top_k").isEqualTo(topK);
    assertThat(accepts(model, defaults.withGuidance(1.5))).as("cfg_scale").isEqualTo(guidance);
  }

  private static boolean accepts(DiffusionModel model, DecodeSettings settings) {
    try {
      model.check(settings);
      return true;
    } catch (DecodeSettingException refused) {
      return false;
    }
  }
}
