package dev.unmask.inference.engine;

import dev.unmask.inference.engine.RequestScheduler.Ended;
import dev.unmask.inference.engine.RequestScheduler.Round;
import dev.unmask.inference.engine.RequestScheduler.Ticket;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.RequestId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The one thread of a device: native compute threads are shared by the whole process, so two models
 * that compute at once only slow each other down. It loads models, runs the denoising steps of all
 * requests in turn, and tells their listeners.
 */
public final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** How soon a deadline in the queue is noticed when nothing else happens. */
  private static final Duration IDLE_CHECK = Duration.ofMillis(200);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final EngineProperties properties;
  private final Clock clock;
  private final EngineMetrics metrics;
  private final RequestScheduler scheduler;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Runnable> errands = new ArrayDeque<>();
  private final Map<Ticket, ActiveRequest> active = new HashMap<>();
  private final List<LanguageModel> models = new ArrayList<>(); // engine thread only
  private long lastNumber;
  private boolean draining;
  private boolean closed;

  public Engine(EngineProperties properties, Clock clock, MeterRegistry meters) {
    this.properties = properties;
    this.clock = clock;
    this.metrics = new EngineMetrics(meters);
    this.scheduler =
        new RequestScheduler(properties.maxRunningRequests(), properties.maxQueuedRequests());
    metrics.watch(this::running, this::queued);
    thread = Thread.ofPlatform().name("unmask-engine").daemon(true).unstarted(this::run);
    thread.start();
  }

  /**
   * Takes all of the requests, or none.
   *
   * @throws UnmaskException with {@link ErrorCode#QUEUE_FULL} when they do not fit into the queue,
   *     with {@link ErrorCode#UNAVAILABLE} when the service is stopping
   */
  public List<Generation> submit(List<EngineRequest> requests) {
    lock.lock();
    try {
      refuseWhenStopping();
      List<ActiveRequest> accepted = requests.stream().map(this::ticketed).toList();
      if (!scheduler.offer(accepted.stream().map(a -> a.ticket).toList())) {
        throw UnmaskException.retryLater(
            ErrorCode.QUEUE_FULL,
            "the queue is full: " + scheduler.queued() + " requests wait, try again later",
            RETRY_AFTER);
      }
      accepted.forEach(a -> active.put(a.ticket, a));
      changed.signal();
      return accepted.stream().map(a -> (Generation) () -> cancel(a)).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Runs the errand on the engine thread, between two engine iterations. */
  public <T> CompletableFuture<T> run(Supplier<T> errand) {
    CompletableFuture<T> result = new CompletableFuture<>();
    lock.lock();
    try {
      refuseWhenStopping();
      errands.add(() -> complete(result, errand));
      changed.signal();
    } finally {
      lock.unlock();
    }
    return result;
  }

  /** Opens a model on the engine thread; it is closed by {@link #unload} or with the engine. */
  public CompletableFuture<LanguageModel> load(Supplier<LanguageModel> opener) {
    return run(
        () -> {
          LanguageModel model = opener.get();
          models.add(model);
          return model;
        });
  }

  /** Ends the model's requests with the reason and frees its memory. */
  public CompletableFuture<Boolean> unload(LanguageModel model, UnmaskException reason) {
    return run(
        () -> {
          failAll(a -> a.request.model() == model, reason);
          model.close();
          return models.remove(model);
        });
  }

  /**
   * Takes nothing new and lets running requests go on for a while; {@link #close} ends the rest.
   */
  public void drain() {
    lock.lock();
    try {
      draining = true;
      long left = properties.drainTimeout().toNanos();
      while (!active.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      draining = true;
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofSeconds(30));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  int running() {
    return counted(scheduler::running);
  }

  int queued() {
    return counted(scheduler::queued);
  }

  private int counted(Supplier<Integer> count) {
    lock.lock();
    try {
      return count.get();
    } finally {
      lock.unlock();
    }
  }

  private void refuseWhenStopping() {
    if (draining) {
      throw UnmaskException.retryLater(
          ErrorCode.UNAVAILABLE, "the service is stopping", RETRY_AFTER);
    }
  }

  private ActiveRequest ticketed(EngineRequest request) {
    Instant now = clock.instant();
    Ticket ticket =
        new Ticket(
            ++lastNumber,
            request.team(),
            now.plus(properties.queueTimeout()),
            now.plus(properties.requestTimeout()));
    return new ActiveRequest(ticket, request, metrics);
  }

  private void cancel(ActiveRequest request) {
    request.cancel();
    lock.lock();
    try {
      scheduler.cancel(request.ticket);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (iterate()) {
      // one engine iteration after the other
    }
    models.forEach(LanguageModel::close);
  }

  /** One engine iteration: errands, who leaves, then one denoising step of each running request. */
  private boolean iterate() {
    List<Runnable> work = new ArrayList<>();
    Round round;
    lock.lock();
    try {
      round = scheduler.next(clock.instant());
      while (round.isIdle() && errands.isEmpty() && !closed) {
        changed.await(IDLE_CHECK.toNanos(), TimeUnit.NANOSECONDS);
        round = scheduler.next(clock.instant());
      }
      work.addAll(errands);
      errands.clear();
      if (closed) {
        work.add(() -> failAll(a -> true, stopped()));
      }
    } catch (InterruptedException interrupted) {
      return false;
    } finally {
      lock.unlock();
    }
    round.ended().forEach(this::end);
    round.running().forEach(this::step);
    work.forEach(Runnable::run);
    return !isClosed();
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed && errands.isEmpty() && active.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void step(Ticket ticket) {
    ActiveRequest request = find(ticket);
    if (request == null || request.isCancelled()) {
      return; // the next round ends it, before anything is computed
    }
    try (var id = MDC.putCloseable(RequestId.MDC_KEY, request.request.requestId())) {
      if (request.step()) {
        forget(request);
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
      log.error("a denoising step failed", failure);
      forget(request);
      notify(() -> request.fail(failure));
    }
  }

  private void end(Ended ended) {
    ActiveRequest request = find(ended.ticket());
    if (request == null) {
      return;
    }
    forget(request);
    notify(
        () -> {
          switch (ended.why()) {
            case CANCELLED -> request.endCancelled();
            case QUEUED_TOO_LONG -> request.fail(overdue("waited", properties.queueTimeout()));
            case RAN_TOO_LONG -> request.fail(overdue("took", properties.requestTimeout()));
          }
        });
  }

  private void failAll(Predicate<ActiveRequest> which, UnmaskException reason) {
    List<ActiveRequest> ending;
    lock.lock();
    try {
      ending = active.values().stream().filter(which).toList();
    } finally {
      lock.unlock();
    }
    for (ActiveRequest request : ending) {
      forget(request);
      notify(() -> request.fail(reason));
    }
  }

  private @Nullable ActiveRequest find(Ticket ticket) {
    lock.lock();
    try {
      return active.get(ticket);
    } finally {
      lock.unlock();
    }
  }

  private void forget(ActiveRequest request) {
    lock.lock();
    try {
      scheduler.finished(request.ticket);
      active.remove(request.ticket);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A listener or a native release that throws must not take the other requests with it. */
  private static void notify(Runnable ending) {
    try {
      ending.run();
    } catch (RuntimeException failure) {
      log.error("ending a request failed", failure);
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Supplier<T> errand) {
    try {
      result.complete(errand.get());
    } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
      result.completeExceptionally(failure);
    }
  }

  private static UnmaskException overdue(String did, Duration limit) {
    return UnmaskException.retryLater(
        ErrorCode.UNAVAILABLE,
        "the request " + did + " longer than " + limit.toMillis() + " ms",
        RETRY_AFTER);
  }

  private static UnmaskException stopped() {
    return UnmaskException.retryLater(
        ErrorCode.UNAVAILABLE, "the service stopped before the answer was finished", RETRY_AFTER);
  }
}
