package dev.unmask.gateway.session;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exchanges by the hash of their token, bounded; the least recently used one makes room. */
final class ExchangeCache {

  /**
   * @param freshUntil until then it is used without asking the registry again
   */
  record Exchanged(Identity identity, Instant freshUntil) {
    boolean freshAt(Instant now) {
      return now.isBefore(freshUntil) && usableAt(now);
    }

    boolean usableAt(Instant now) {
      return now.isBefore(identity.expiresAt());
    }
  }

  private final Map<String, Exchanged> entries;

  ExchangeCache(int capacity) {
    this.entries =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Exchanged> eldest) {
            return size() > capacity;
          }
        };
  }

  synchronized @Nullable Exchanged get(String hash) {
    return entries.get(hash);
  }

  synchronized void put(String hash, Exchanged entry) {
    entries.put(hash, entry);
  }

  synchronized void remove(String hash) {
    entries.remove(hash);
  }

  synchronized int size() {
    return entries.size();
  }
}
