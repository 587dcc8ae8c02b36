package dev.unmask.registry.model;

import dev.unmask.support.security.Caller;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Every move of every alias; the caller owns the transaction. */
@Component
class AliasHistory {
  /** Moves that a way back is looked for in. */
  private static final int REMEMBERED = 10_000;

  private final JdbcTemplate jdbc;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  AliasHistory(JdbcTemplate jdbc, ApplicationEventPublisher events, Clock clock) {
    this.jdbc = jdbc;
    this.events = events;
    this.clock = clock;
  }

  void record(
      Caller caller,
      RegisteredModelEntity model,
      String alias,
      AliasChange.Kind kind,
      @Nullable Integer version,
      @Nullable Integer previous) {
    AliasChange change = new AliasChange(kind, version, previous, caller.userId(), clock.instant());
    jdbc.update(
        "INSERT INTO model_alias_changes"
            + " (model_uid, alias, kind, version, previous, user_id, at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        model.uid(),
        alias,
        kind.wireName(),
        version,
        previous,
        change.userId(),
        Timestamp.from(change.at()));
    events.publishEvent(new AliasMoved(caller.teamId(), model.name(), alias, change));
  }

  /** The newest moves, the last one first. */
  List<AliasChange> newest(long modelUid, String alias, int most) {
    return jdbc.query(
        "SELECT kind, version, previous, user_id, at FROM model_alias_changes"
            + " WHERE model_uid = ? AND alias = ? ORDER BY id DESC LIMIT ?",
        (row, number) ->
            new AliasChange(
                AliasChange.Kind.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                row.getObject(2, Integer.class),
                row.getObject(3, Integer.class),
                row.getString(4),
                row.getTimestamp(5).toInstant()),
        modelUid,
        alias,
        most);
  }

  /**
   * The versions before the present one, the one to go back to first. Going back is undone by no
   * further going back: a second time leads to the version before.
   */
  List<Integer> wayBack(long modelUid, String alias) {
    return wayBack(newest(modelUid, alias, REMEMBERED).reversed());
  }

  /**
   * @param moves in the order in which they happened
   */
  static List<Integer> wayBack(List<AliasChange> moves) {
    Deque<Integer> before = new ArrayDeque<>();
    Integer present = null;
    for (AliasChange move : moves) {
      if (move.kind() == AliasChange.Kind.ROLLED_BACK) {
        while (!before.isEmpty() && !before.pop().equals(move.version())) {
          // what lies between was left behind
        }
      } else if (present != null) {
        before.push(present);
      }
      present = move.version();
    }
    Integer now = present;
    return before.stream().filter(version -> !version.equals(now)).distinct().toList();
  }
}
