package dev.unmask.system;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What stands for what in two answers to the same request, where a server chooses freely: once an
 * id has met its counterpart, both must go together to the end.
 */
final class Counterparts {
  /** The kinds of what a server chooses. */
  enum Kind {
    EXPERIMENT,
    RUN,
    RUN_NAME,
    PAGE_TOKEN
  }

  private record Key(Kind kind, String id) {}

  private final long begin = System.currentTimeMillis();
  private final Map<Key, String> ours = new HashMap<>();
  private final Map<Key, String> recorded = new HashMap<>();
  private final TreeMap<Long, Long> times = new TreeMap<>();

  Optional<String> of(Kind kind, String id) {
    return Optional.ofNullable(ours.get(new Key(kind, id)));
  }

  /** Whether two ids go together; two that were never seen do from now on. */
  boolean match(Kind kind, String before, String now) {
    Key beforeKey = new Key(kind, before);
    Key nowKey = new Key(kind, now);
    if (!ours.containsKey(beforeKey) && !recorded.containsKey(nowKey)) {
      ours.put(beforeKey, now);
      recorded.put(nowKey, before);
    }
    return now.equals(ours.get(beforeKey)) && before.equals(recorded.get(nowKey));
  }

  /**
   * Whether two times of the servers' clocks go together: the same stays the same, earlier stays
   * not later, and ours is of this test.
   */
  boolean matchTimes(long before, long now) {
    Map.Entry<Long, Long> floor = times.floorEntry(before);
    Map.Entry<Long, Long> ceiling = times.ceilingEntry(before);
    boolean fits =
        begin <= now
            && now <= System.currentTimeMillis()
            && (floor == null || floor.getValue() <= now)
            && (ceiling == null || now <= ceiling.getValue());
    if (fits) {
      times.put(before, now);
    }
    return fits;
  }
}
