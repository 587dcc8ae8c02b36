package dev.unmask.registry.retention;

import dev.unmask.registry.artifact.BlobLocks;
import dev.unmask.registry.artifact.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes blobs that nothing names any more. A blob is looked up only once nobody can be about to
 * name it: uploads hold it from before they look for the file until their name is committed, and
 * who copies names keeps the rows that it copies from.
 */
@Component
class BlobCollector {
  private static final Logger log = LoggerFactory.getLogger(BlobCollector.class);
  private static final int AT_ONCE = 100;

  private final BlobStore store;
  private final BlobLocks locks;
  private final BlobNames names;
  private final TransactionTemplate transaction;
  private final long graceMillis;

  BlobCollector(
      BlobStore store,
      BlobLocks locks,
      BlobNames names,
      TransactionTemplate transaction,
      RetentionProperties properties) {
    this.store = store;
    this.locks = locks;
    this.names = names;
    this.transaction = transaction;
    this.graceMillis = properties.blobGrace().toMillis();
  }

  /**
   * Looks at some of the blobs that lost a name.
   *
   * @return whether there were any that another one does not look at
   */
  boolean collect() {
    return Boolean.TRUE.equals(transaction.execute(status -> collectSome()));
  }

  private boolean collectSome() {
    List<String> hints = names.takeHints(graceMillis, AT_ONCE);
    if (hints.isEmpty()) {
      return false;
    }
    List<String> owned = locks.own(hints);
    List<String> busy = new ArrayList<>(hints);
    busy.removeAll(owned);
    names.addHints(busy);
    // A statement of its own, after the locks: it sees every name that was committed before them.
    Set<String> unnamed = new HashSet<>(owned);
    names.named(owned).forEach(unnamed::remove);
    Set<String> failed = new HashSet<>();
    long free = unnamed.stream().mapToLong(blob -> remove(blob, failed)).sum();
    names.addHints(failed);
    if (free > 0) {
      log.info("{} blobs removed, {} bytes are free", unnamed.size() - failed.size(), free);
    }
    // Those that are busy come back by their new hints, not in a hurry.
    return owned.size() > failed.size();
  }

  /** One that can't be removed must not keep the others, so it gets a new hint. */
  private long remove(String sha256, Set<String> failed) {
    try {
      return store.remove(sha256);
    } catch (IOException | RuntimeException failure) {
      log.warn("the blob {} stays for now: {}", sha256, failure.getMessage());
      failed.add(sha256);
      return 0;
    }
  }
}
