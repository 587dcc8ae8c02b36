package dev.unmask.registry.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.api.RunsApi.Difference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {

  @Test
  void holdWhatIsNotTheSameEverywhere() {
    List<Difference> differences =
        Differences.of(
            List.of(
                Map.of("same", "1", "changed", "a", "some", "x"),
                Map.of("same", "1", "changed", "b", "some", "x"),
                Map.of("same", "1", "changed", "a")));

    assertThat(differences)
        .containsExactly(
            new Difference("changed", List.of("a", "b", "a")),
            new Difference("some", Arrays.asList("x", "x", null)));
  }

  @Test
  void areNoneBetweenEquals() {
    assertThat(Differences.of(List.of(Map.of("a", "1"), Map.of("a", "1")))).isEmpty();
    assertThat(Differences.of(List.of(Map.of(), Map.of()))).isEmpty();
  }
}
