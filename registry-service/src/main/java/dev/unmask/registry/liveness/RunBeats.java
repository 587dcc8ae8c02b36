package dev.unmask.registry.liveness;

import dev.unmask.registry.run.RunWritten;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Signs of life, gathered in memory and written together: what is logged a thousand times a second
 * costs one row in some seconds. A crash loses the last of them, which is no more than a late beat.
 */
@Component
@EnableScheduling
class RunBeats {
  private static final Logger log = LoggerFactory.getLogger(RunBeats.class);

  private final JdbcTemplate jdbc;
  private final Clock clock;
  private final Set<Long> alive = ConcurrentHashMap.newKeySet();

  RunBeats(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  @EventListener
  void on(RunWritten sign) {
    alive.add(sign.runUid());
  }

  @Scheduled(fixedDelayString = "${unmask.registry.runs.beat-every:10s}")
  void write() {
    List<Long> uids = List.copyOf(alive);
    if (uids.isEmpty()) {
      return;
    }
    uids.forEach(alive::remove);
    try {
      // Of runs that still exist: one may have been deleted for good meanwhile.
      jdbc.update(
          "INSERT INTO run_beats (run_uid, at)"
              + " SELECT uid, ? FROM runs WHERE uid = ANY (?) AND lifecycle <> 'purging'"
              + " ORDER BY uid FOR KEY SHARE"
              + " ON CONFLICT (run_uid) DO UPDATE"
              + " SET at = greatest(run_beats.at, excluded.at), told = false",
          Timestamp.from(clock.instant()),
          uids.toArray(Long[]::new));
    } catch (DataAccessException away) {
      alive.addAll(uids);
      log.warn("signs of life of {} runs are written later: {}", uids.size(), away.getMessage());
    }
  }
}
