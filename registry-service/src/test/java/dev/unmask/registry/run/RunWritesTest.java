package dev.unmask.registry.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.MetricNames;
import dev.unmask.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;

class RunWritesTest {
  private static final RunAddress RUN = new RunAddress("red", "1");
  private static final RunAddress OTHER = new RunAddress("red", "2");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch database = new CountDownLatch(1);

  /** Step numbers of the batches of each transaction that was begun. */
  private final List<List<Long>> begun = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    database.countDown();
    clients.close();
  }

  @Test
  void writesTogetherWhatComesWhileATransactionLasts() {
    RunWrites writes = writes(10, LONG, this::storeSlowly);

    List<CompletableFuture<Void>> sent = new ArrayList<>(List.of(send(writes, RUN, 0)));
    awaitBegun(1);
    for (int i = 1; i <= 5; i++) {
      sent.add(send(writes, RUN, i));
      awaitWaiting(i);
    }
    assertThat(sent).noneMatch(CompletableFuture::isDone);
    database.countDown();
    sent.forEach(CompletableFuture::join);

    assertThat(begun).containsExactly(List.of(0L), List.of(1L, 2L, 3L, 4L, 5L));
  }

  @Test
  void letsOtherRunsPass() {
    RunWrites writes =
        writes(10, LONG, (run, batches) -> run.equals(RUN) ? storeSlowly(run, batches) : Map.of());
    CompletableFuture<Void> slow = send(writes, RUN, 0);
    awaitBegun(1);

    writes.write(OTHER, batch(1));

    assertThat(slow).isNotDone();
  }

  @Test
  void refusesABatchAloneAndStoresItsNeighbours() {
    RunWrites writes =
        writes(
            10,
            LONG,
            (run, batches) -> {
              storeSlowly(run, batches);
              Map<Integer, UnmaskException> refused = new HashMap<>();
              if (batches.size() == 3) {
                refused.put(1, new UnmaskException(ErrorCode.INVALID_REQUEST, "changed"));
              }
              return refused;
            });
    CompletableFuture<Void> first = send(writes, RUN, 0);
    awaitBegun(1);
    List<CompletableFuture<Void>> group = sendInOrder(writes, 1, 2, 3);
    database.countDown();

    first.join();
    group.get(0).join();
    group.get(2).join();
    assertThatThrownBy(group.get(1)::join).hasRootCauseMessage("changed");
  }

  @Test
  void findsTheBatchThatBreaksATransactionByWritingEachAlone() {
    RunWrites writes =
        writes(
            10,
            LONG,
            (run, batches) -> {
              storeSlowly(run, batches);
              if (batches.stream().anyMatch(batch -> step(batch) == 2)) {
                throw new DataIntegrityViolationException("step 2");
              }
              return Map.of();
            });
    CompletableFuture<Void> first = send(writes, RUN, 0);
    awaitBegun(1);
    List<CompletableFuture<Void>> group = sendInOrder(writes, 1, 2, 3);
    database.countDown();

    first.join();
    group.get(0).join();
    group.get(2).join();
    assertThatThrownBy(group.get(1)::join)
        .hasCauseInstanceOf(DataIntegrityViolationException.class);
    assertThat(begun)
        .containsExactly(List.of(0L), List.of(1L, 2L, 3L), List.of(1L), List.of(2L), List.of(3L));
  }

  @Test
  void failsAllOfAGroupWhenTheDatabaseIsAwayAndWritesOnAfterwards() {
    RunWrites writes =
        writes(
            10,
            LONG,
            (run, batches) -> {
              storeSlowly(run, batches);
              if (batches.size() > 1) {
                throw new QueryTimeoutException("away");
              }
              return Map.of();
            });
    CompletableFuture<Void> first = send(writes, RUN, 0);
    awaitBegun(1);
    List<CompletableFuture<Void>> group = sendInOrder(writes, 1, 2);
    database.countDown();

    first.join();
    for (CompletableFuture<Void> sent : group) {
      assertThatThrownBy(sent::join).hasCauseInstanceOf(QueryTimeoutException.class);
    }
    writes.write(RUN, batch(4));
    assertThat(begun).containsExactly(List.of(0L), List.of(1L, 2L), List.of(4L));
  }

  @Test
  void asksToComeBackWhenTooManyWait() {
    RunWrites writes = writes(2, LONG, this::storeSlowly);
    send(writes, RUN, 0);
    awaitBegun(1);
    sendInOrder(writes, 1, 2);

    assertThatThrownBy(() -> writes.write(RUN, batch(3)))
        .isInstanceOfSatisfying(
            UnmaskException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.QUEUE_FULL);
              assertThat(refused.retryAfter()).isNotNull();
            });
  }

  @Test
  void writesNothingOfABatchThatHasWaitedTooLong() {
    RunWrites writes = writes(10, Duration.ofMillis(1), this::storeSlowly);
    CompletableFuture<Void> first = send(writes, RUN, 0);
    awaitBegun(1);

    assertThatThrownBy(() -> writes.write(RUN, batch(1)))
        .isInstanceOfSatisfying(
            UnmaskException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(refused.retryAfter()).isNotNull();
            });
    database.countDown();
    first.join();
    writes.write(RUN, batch(2));

    assertThat(begun).containsExactly(List.of(0L), List.of(2L));
  }

  @Test
  void writesNothingOfABatchWhoseThreadIsInterrupted() throws Exception {
    RunWrites writes = writes(10, LONG, this::storeSlowly);
    CompletableFuture<Void> first = send(writes, RUN, 0);
    awaitBegun(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread waiting =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    writes.write(RUN, batch(1));
                  } catch (RuntimeException told) {
                    failure.set(told);
                  }
                });
    waiting.start();
    awaitWaiting(1);
    waiting.interrupt();
    waiting.join();
    database.countDown();
    first.join();

    assertThat(failure.get()).isInstanceOf(UnmaskException.class);
    assertThat(begun).containsExactly(List.of(0L));
  }

  @Test
  void limitsTheTransactionsOfAGroup() {
    RunWrites writes = writes(200, LONG, this::storeSlowly);
    List<CompletableFuture<Void>> sent = new ArrayList<>(List.of(send(writes, RUN, 0)));
    awaitBegun(1);
    for (int i = 1; i <= 150; i++) {
      sent.add(send(writes, RUN, i));
    }
    awaitWaiting(150);
    database.countDown();
    sent.forEach(CompletableFuture::join);

    assertThat(begun.stream().map(List::size)).containsExactly(1, 100, 50);
  }

  @Test
  void writesEachBatchOfManyThreadsOnce() {
    RunWrites writes =
        writes(
            1_000,
            LONG,
            (run, batches) -> {
              note(batches);
              return Map.of();
            });

    List<CompletableFuture<Void>> sent =
        IntStream.range(0, 2_000).mapToObj(i -> send(writes, i % 3 == 0 ? OTHER : RUN, i)).toList();
    sent.forEach(CompletableFuture::join);

    assertThat(begun.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 2_000).mapToObj(i -> (long) i).toList());
    assertThat(meters.get(MetricNames.REGISTRY_WRITES_WAITING).gauge().value()).isZero();
  }

  private RunWrites writes(int waiting, Duration longestWait, GroupWriter writer) {
    return new RunWrites(writer, new WriteProperties(waiting, longestWait), meters);
  }

  private Map<Integer, UnmaskException> storeSlowly(RunAddress run, List<Batch> batches) {
    note(batches);
    try {
      database.await();
    } catch (InterruptedException stopped) {
      throw new CompletionException(stopped);
    }
    return Map.of();
  }

  private void note(List<Batch> batches) {
    begun.add(batches.stream().map(RunWritesTest::step).toList());
  }

  private CompletableFuture<Void> send(RunWrites writes, RunAddress run, int step) {
    return CompletableFuture.runAsync(() -> writes.write(run, batch(step)), clients);
  }

  private List<CompletableFuture<Void>> sendInOrder(RunWrites writes, int... steps) {
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (int step : steps) {
      sent.add(send(writes, RUN, step));
      awaitWaiting(sent.size());
    }
    return sent;
  }

  private void awaitBegun(int transactions) {
    Await.until("a transaction", Duration.ofSeconds(20), () -> begun.size() == transactions);
  }

  private void awaitWaiting(int batches) {
    Await.until(
        batches + " batches wait",
        Duration.ofSeconds(20),
        () -> meters.get(MetricNames.REGISTRY_WRITES_WAITING).gauge().value() == batches);
  }

  private static Batch batch(int step) {
    return new Batch(List.of(new MetricPoint("m", 1, 1, step)), new TreeMap<>(), new TreeMap<>());
  }

  private static long step(Batch batch) {
    return batch.metrics().getFirst().step();
  }
}
