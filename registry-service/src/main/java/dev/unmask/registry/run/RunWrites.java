package dev.unmask.registry.run;

import dev.unmask.registry.database.DatabaseOutage;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.MetricNames;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Group commit, a run at a time. A batch that finds nobody writing is written at once; what comes
 * while its transaction lasts waits in a line, and the first of the line then writes all of it in
 * one transaction. The rate of one run is therefore not bounded by the time of a commit. Nothing is
 * acknowledged before it is durable.
 *
 * <p>Every change of a line happens inside {@code lines.compute}, which holds that line's lock.
 */
@Component
class RunWrites {
  /** A larger transaction would make those in it wait longer than it saves. */
  private static final int MOST_BATCHES = 100;

  private static final int MOST_POINTS = 10_000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final GroupWriter writer;
  private final WriteProperties limits;
  private final DistributionSummary groupSizes;

  /** A run is here as long as somebody writes to it; its line holds who comes next. */
  private final ConcurrentMap<RunAddress, Deque<Waiting>> lines = new ConcurrentHashMap<>();

  RunWrites(GroupWriter writer, WriteProperties limits, MeterRegistry meters) {
    this.writer = writer;
    this.limits = limits;
    this.groupSizes =
        DistributionSummary.builder(MetricNames.REGISTRY_WRITE_GROUP)
            .description("batches that one transaction wrote")
            .register(meters);
    Gauge.builder(MetricNames.REGISTRY_WRITES_WAITING, this, RunWrites::waiting)
        .description("batches that wait for others of their run")
        .register(meters);
  }

  /**
   * Stores all of the batch or nothing; returns when it is durable.
   *
   * @throws UnmaskException when the batch is refused; QUEUE_FULL or UNAVAILABLE when it should
   *     come again later
   */
  void write(RunAddress run, Batch batch) {
    Waiting own = new Waiting(batch);
    queue(run, own);
    if (awaitTurn(run, own) == Turn.WRITES) {
      writeGroup(run);
    }
    own.tellRefusal();
  }

  private double waiting() {
    return lines.values().stream().mapToInt(Deque::size).sum();
  }

  private void queue(RunAddress run, Waiting own) {
    lines.compute(
        run,
        (key, line) -> {
          if (line == null) {
            own.turn.complete(Turn.WRITES);
            line = new ArrayDeque<>();
          } else if (line.size() >= limits.waiting()) {
            throw UnmaskException.retryLater(
                ErrorCode.QUEUE_FULL,
                "run " + run.runId() + " has " + line.size() + " batches waiting, try again",
                RETRY_AFTER);
          }
          line.add(own);
          return line;
        });
  }

  private Turn awaitTurn(RunAddress run, Waiting own) {
    try {
      return own.turn.get(limits.longestWait().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return leave(run, own);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return leave(run, own);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Gives up waiting, unless it is this batch's turn just now: others wait for its thread then. */
  private Turn leave(RunAddress run, Waiting own) {
    lines.computeIfPresent(
        run,
        (key, line) -> {
          if (!own.turn.isDone()) {
            line.remove(own);
          }
          return line;
        });
    Turn turn = own.turn.getNow(null);
    if (turn != null) {
      return turn;
    }
    throw UnmaskException.retryLater(
        ErrorCode.UNAVAILABLE,
        "the batch waited too long for others of run "
            + run.runId()
            + "; send it again, what is stored already is not stored twice",
        RETRY_AFTER);
  }

  private void writeGroup(RunAddress run) {
    // An interruption of this request must not fail the others'.
    boolean interrupted = Thread.interrupted();
    List<Waiting> group = take(run);
    Map<Integer, RuntimeException> refused;
    try {
      groupSizes.record(group.size());
      refused = write(run, group.stream().map(Waiting::batch).toList());
    } finally {
      handOn(run);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    for (int i = 0; i < group.size(); i++) {
      group.get(i).settle(refused.get(i));
    }
  }

  /** The first of the line with what else fits into its transaction. */
  private List<Waiting> take(RunAddress run) {
    List<Waiting> group = new ArrayList<>();
    lines.computeIfPresent(
        run,
        (key, line) -> {
          int points = 0;
          while (!line.isEmpty() && group.size() < MOST_BATCHES) {
            points += line.getFirst().batch.metrics().size();
            if (points > MOST_POINTS && !group.isEmpty()) {
              break;
            }
            group.add(line.removeFirst());
          }
          return line;
        });
    return group;
  }

  /** Lets the next of the line write, or forgets the line. */
  private void handOn(RunAddress run) {
    lines.computeIfPresent(
        run,
        (key, line) -> {
          Waiting next = line.peekFirst();
          if (next == null) {
            return null;
          }
          next.turn.complete(Turn.WRITES);
          return line;
        });
  }

  private Map<Integer, RuntimeException> write(RunAddress run, List<Batch> batches) {
    try {
      return new HashMap<>(writer.write(run, batches));
    } catch (RuntimeException failure) {
      boolean ofAll = failure instanceof UnmaskException || DatabaseOutage.causes(failure);
      return ofAll || batches.size() == 1
          ? failed(batches.size(), failure)
          : writeEachAlone(run, batches);
    }
  }

  /** One of them breaks the transaction: it alone is to fail. */
  private Map<Integer, RuntimeException> writeEachAlone(RunAddress run, List<Batch> batches) {
    Map<Integer, RuntimeException> refused = new HashMap<>();
    for (int i = 0; i < batches.size(); i++) {
      RuntimeException refusal = write(run, List.of(batches.get(i))).get(0);
      if (refusal != null) {
        refused.put(i, refusal);
      }
    }
    return refused;
  }

  private static Map<Integer, RuntimeException> failed(int count, RuntimeException failure) {
    Map<Integer, RuntimeException> refused = new HashMap<>();
    for (int i = 0; i < count; i++) {
      refused.put(i, failure);
    }
    return refused;
  }

  /** What the thread of a batch does when its waiting ends. */
  private enum Turn {
    /** It writes a group that begins with its own batch. */
    WRITES,
    /** Another thread has written or refused its batch. */
    IS_SETTLED
  }

  /** A batch in line. Its thread reads the refusal after its turn has come. */
  private static final class Waiting {
    private final Batch batch;
    private final CompletableFuture<Turn> turn = new CompletableFuture<>();
    private @Nullable RuntimeException refusal;

    Waiting(Batch batch) {
      this.batch = batch;
    }

    Batch batch() {
      return batch;
    }

    void settle(@Nullable RuntimeException why) {
      refusal = why;
      turn.complete(Turn.IS_SETTLED);
    }

    void tellRefusal() {
      if (refusal != null) {
        throw refusal;
      }
    }
  }
}
