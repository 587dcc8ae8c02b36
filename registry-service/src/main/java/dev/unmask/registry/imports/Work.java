package dev.unmask.registry.imports;

import dev.unmask.registry.imports.Step.Kind;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;

/** One import in one worker's hands: what it notes, and whether it may go on. */
final class Work {
  private static final Logger log = LoggerFactory.getLogger(Work.class);
  private static final int MESSAGE = 500;

  private final Import job;
  private final SourceServer source;
  private final ImportTable table;
  private final String worker;
  private final Duration lease;
  private final Clock clock;
  private Instant renewAt;

  Work(
      Import job,
      SourceServer source,
      ImportTable table,
      String worker,
      Duration lease,
      Clock clock) {
    this.job = job;
    this.source = source;
    this.table = table;
    this.worker = worker;
    this.lease = lease;
    this.clock = clock;
    this.renewAt = clock.instant();
  }

  Import job() {
    return job;
  }

  String team() {
    return job.teamId();
  }

  SourceServer source() {
    return source;
  }

  /** Who asked for the import, and has the record of what it makes. */
  Caller caller() {
    return new Caller(
        job.createdBy(), job.createdBy(), job.teamId(), job.teamId(), Role.ADMIN, job.id());
  }

  /** How things of the source are called in all the world. */
  String origin(String id) {
    return job.url() + "#" + id;
  }

  /**
   * To be called before everything that takes a while.
   *
   * @throws ImportStopped when the import was cancelled or somebody else has it
   */
  void goOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw new ImportStopped();
    }
    if (!clock.instant().isBefore(renewAt)) {
      renew();
    }
  }

  private void renew() {
    if (!table.renew(job.id(), worker, lease)) {
      throw new ImportStopped();
    }
    renewAt = clock.instant().plus(lease.dividedBy(10));
  }

  Set<String> lookedAt(Kind kind, Collection<String> sources) {
    return table.lookedAt(job.id(), kind, sources);
  }

  void brought(Kind kind, String sourceId, String target) {
    table.brought(job.id(), kind, sourceId, target);
  }

  void failed(Kind kind, String sourceId, String error) {
    String told = error.length() > MESSAGE ? error.substring(0, MESSAGE) : error;
    table.failed(job.id(), kind, sourceId, told);
  }

  /**
   * Does something for one thing of the source; that it can't be brought is noted and no reason to
   * end. What concerns everything goes on to the caller.
   *
   * @throws ImportStopped as {@link #goOn}; a cancelled import begins nothing new
   */
  void attempt(Kind kind, String sourceId, Runnable bring) {
    renew();
    goOn();
    try {
      bring.run();
    } catch (SourceFault.NotToBeHad | UnmaskException refused) {
      failed(kind, sourceId, String.valueOf(refused.getMessage()));
    } catch (SourceFault
        | ImportStopped
        | TransientDataAccessException
        | DataAccessResourceFailureException everything) {
      throw everything;
    } catch (RuntimeException broken) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ImportStopped();
      }
      log.warn("import {}: {} {}", job.id(), kind, sourceId, broken);
      failed(kind, sourceId, "it can't be stored; the registry's log says why");
    }
  }
}
