package dev.unmask.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.model.AliasChange.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasHistoryTest {

  /** Moves as numbers; {@code <n} is a rollback to n, {@code -} a removal. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|",
        "1 2|1",
        "1 2 3|2 1",
        "1 2 3 <2|1",
        "1 2 3 <2 <1|",
        "1 2 3 <2 4|2 1",
        "1 2 -|2 1",
        "1 2 - 3|2 1",
        "1 2 1|2",
        "1 2 1 2|1",
        "-|"
      })
  void leadsToTheVersionsBeforeTheNearestFirst(String moves, String way) {
    List<Integer> expected =
        way == null ? List.of() : List.of(way.split(" ")).stream().map(Integer::parseInt).toList();

    assertThat(AliasHistory.wayBack(parse(moves))).isEqualTo(expected);
  }

  @Test
  void hasNoWayBackBeforeTheFirstMove() {
    assertThat(AliasHistory.wayBack(List.of())).isEmpty();
  }

  private static List<AliasChange> parse(String moves) {
    List<AliasChange> changes = new ArrayList<>();
    for (String move : moves.split(" ")) {
      changes.add(
          switch (move.charAt(0)) {
            case '-' -> change(Kind.REMOVED, null);
            case '<' -> change(Kind.ROLLED_BACK, Integer.parseInt(move.substring(1)));
            default -> change(Kind.SET, Integer.parseInt(move));
          });
    }
    return changes;
  }

  private static AliasChange change(Kind kind, @Nullable Integer version) {
    return new AliasChange(kind, version, null, "u", Instant.EPOCH);
  }
}
