package dev.unmask.registry.retention;

import dev.unmask.registry.artifact.BlobStore;
import dev.unmask.registry.artifact.BlobStore.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Compares the whole store with the database, for what crashes leave: uploads that broke off, and
 * blobs that never got their name.
 */
@Component
class BlobSweep {
  private static final Logger log = LoggerFactory.getLogger(BlobSweep.class);
  private static final int AT_ONCE = 1_000;

  private final BlobStore store;
  private final BlobNames names;
  private final RetentionProperties properties;
  private final Clock clock;

  BlobSweep(BlobStore store, BlobNames names, RetentionProperties properties, Clock clock) {
    this.store = store;
    this.names = names;
    this.properties = properties;
    this.clock = clock;
  }

  /** Removes dead drafts, and leaves blobs without a name to the collector. */
  void run() {
    try {
      int drafts = store.sweepDrafts(clock.instant().minus(properties.draftAge()));
      if (drafts > 0) {
        log.info("{} uploads that broke off were removed", drafts);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot sweep the store", failure);
    }
    Instant oldEnough = clock.instant().minus(properties.blobGrace());
    List<String> orphans = new ArrayList<>();
    forEachUnnamed(
        stored -> {
          if (!stored.since().isAfter(oldEnough)) {
            orphans.add(stored.blob().sha256());
          }
        });
    names.addHints(orphans);
  }

  /** Hands over every blob that no row names. */
  void forEachUnnamed(Consumer<Stored> action) {
    List<Stored> some = new ArrayList<>();
    try {
      store.forEach(
          stored -> {
            some.add(stored);
            if (some.size() == AT_ONCE) {
              unnamedOf(some).forEach(action);
              some.clear();
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read the store", failure);
    }
    unnamedOf(some).forEach(action);
  }

  private List<Stored> unnamedOf(List<Stored> some) {
    Set<String> named =
        new HashSet<>(names.named(some.stream().map(stored -> stored.blob().sha256()).toList()));
    return some.stream().filter(stored -> !named.contains(stored.blob().sha256())).toList();
  }
}
