package dev.unmask.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.MetricNames;
import dev.unmask.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScriptedModel model = new ScriptedModel();
  private @Nullable Engine opened;

  @AfterEach
  void close() {
    model.permits.release(1_000_000);
    if (opened != null) {
      opened.close();
    }
  }

  @Test
  void decodesARequestAndReportsWhatItTook() throws Exception {
    Heard heard = new Heard();

    engine(2, 4).submit(List.of(request("a", 3, 10, heard)));
    GenerationReport report = heard.finished.get(20, TimeUnit.SECONDS);

    assertThat(heard.text).isEqualTo(ScriptedModel.answer(3, 10));
    assertThat(report.tokens()).isEqualTo(10);
    assertThat(report.steps()).isEqualTo(3);
    assertThat(model.openDenoisings).hasValue(0);
    assertThat(meters.counter(MetricNames.DECODING_TOKENS).count()).isEqualTo(10);
    assertThat(meters.counter(MetricNames.DECODING_NFE).count()).isEqualTo(3);
    assertThat(meters.counter(MetricNames.DECODING_CACHE_HITS).count()).isEqualTo(9);
    assertThat(meters.timer(MetricNames.DECODING_FIRST_TOKEN).count()).isOne();
    assertThat(meters.timer(MetricNames.DECODING_QUEUE_TIME).count()).isOne();
  }

  @Test
  void computesNoFurtherStepOnceARequestIsCancelled() {
    Heard heard = new Heard();
    model.permits.drainPermits();
    Engine engine = engine(1, 4);
    Generation generation = engine.submit(List.of(request("a", 0, 400, heard))).getFirst();
    model.permits.release(2);
    Await.until("two steps ran", SOON, () -> heard.steps == 2);

    generation.cancel();
    model.permits.release(1_000);

    Await.until("the request ended", SOON, () -> heard.cancelled);
    assertThat(model.steps.get()).as("two, and the one that was under way").isLessThan(4);
    assertThat(model.openDenoisings).hasValue(0);
    int after = model.steps.get();
    Heard next = new Heard();
    engine.submit(List.of(request("a", 0, 4, next)));
    next.finished.join();
    assertThat(model.steps.get()).isEqualTo(after + 1);
  }

  @Test
  void letsRunningRequestsTakeTurns() {
    Heard longOne = new Heard();
    Heard shortOne = new Heard();

    engine(2, 4).submit(List.of(request("a", 0, 400, longOne), request("b", 0, 4, shortOne)));

    shortOne.finished.join();
    assertThat(longOne.finished.isDone()).isFalse();
    longOne.finished.join();
  }

  @Test
  void refusesWhatDoesNotFitIntoTheQueueAndKeepsWhatItHas() {
    model.permits.drainPermits();
    Heard accepted = new Heard();
    Engine engine = engine(1, 1);
    engine.submit(List.of(request("a", 0, 4, accepted), request("a", 0, 4, new Heard())));

    assertThatThrownBy(() -> engine.submit(List.of(request("b", 0, 4, new Heard()))))
        .isInstanceOfSatisfying(
            UnmaskException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.QUEUE_FULL);
              assertThat(refused.retryAfter()).isPositive();
            });

    model.permits.release(100);
    accepted.finished.join();
  }

  @Test
  void endsARequestThatWaitedTooLong() {
    model.permits.drainPermits();
    Heard waiting = new Heard();
    Engine engine =
        open(new EngineProperties(1, 4, Duration.ofMillis(50), SOON, Duration.ofMillis(50)));
    engine.submit(List.of(request("a", 0, 400, new Heard()), request("a", 0, 4, waiting)));
    model.permits.release(1);

    Await.until(
        "the deadline passed",
        SOON,
        () -> {
          model.permits.release(1);
          return waiting.failure.isDone();
        });

    assertThat(waiting.failure.join().code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void aRequestThatFailsTakesNoOtherWithIt() {
    Heard broken = new Heard();
    Heard sound = new Heard();
    EngineRequest bad =
        new EngineRequest(
            "a",
            null,
            model,
            Canvas.completion(model.tokenizer().encode("explode")),
            model.defaults(),
            0,
            broken);

    engine(2, 4).submit(List.of(bad, request("a", 1, 8, sound)));

    assertThat(broken.failure.join().code()).isEqualTo(ErrorCode.INTERNAL);
    sound.finished.join();
    assertThat(sound.text).isEqualTo(ScriptedModel.answer(1, 8));
  }

  @Test
  void unloadingAModelEndsItsRequestsWithTheReason() {
    model.permits.drainPermits();
    Heard heard = new Heard();
    Engine engine = engine(1, 4);
    engine.load(() -> model).join();
    engine.submit(List.of(request("a", 0, 400, heard)));
    var unloaded = engine.unload(model, new UnmaskException(ErrorCode.UNAVAILABLE, "was deleted"));
    model.permits.release(1_000);

    assertThat(unloaded.join()).isTrue();

    assertThat(heard.failure.join().detail()).isEqualTo("was deleted");
    assertThat(model.closed).isTrue();
    assertThat(model.openDenoisings).hasValue(0);
  }

  @Test
  void stoppingRefusesNewRequestsAndEndsTheRestWithAnError() {
    Heard heard = new Heard();
    model.permits.drainPermits();
    Engine engine = open(new EngineProperties(1, 4, SOON, SOON, Duration.ofMillis(50)));
    engine.load(() -> model);
    engine.submit(List.of(request("a", 0, 400, heard)));

    engine.drain();
    assertThatThrownBy(() -> engine.submit(List.of(request("a", 0, 4, new Heard()))))
        .hasMessageContaining("stopping");
    CompletableFuture<Void> closing = CompletableFuture.runAsync(engine::close);
    Await.until(
        "the engine stopped",
        SOON,
        () -> {
          model.permits.release(1);
          return closing.isDone();
        });

    assertThat(heard.failure.join().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(model.closed).isTrue();
  }

  private Engine engine(int running, int queued) {
    return open(new EngineProperties(running, queued, SOON, SOON, Duration.ofMillis(100)));
  }

  private Engine open(EngineProperties properties) {
    Engine engine = new Engine(properties, Clock.systemUTC(), meters);
    opened = engine;
    return engine;
  }

  private EngineRequest request(String team, long seed, int tokens, Heard heard) {
    DecodeSettings settings = model.defaults().withSeed(seed).withMaxTokens(tokens);
    return new EngineRequest(
        team, null, model, Canvas.completion(model.tokenizer().encode("go")), settings, 0, heard);
  }

  /** Remembers what the engine said. */
  private static final class Heard implements GenerationListener {
    final CompletableFuture<GenerationReport> finished = new CompletableFuture<>();
    final CompletableFuture<UnmaskException> failure = new CompletableFuture<>();
    volatile boolean cancelled;
    volatile int steps;
    volatile String text = "";

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the engine thread
    public void denoised(DenoisingStep step, int[] tokens, String committedText) {
      text = committedText;
      steps++;
    }

    @Override
    public void finished(GenerationReport report) {
      finished.complete(report);
    }

    @Override
    public void failed(UnmaskException reason) {
      failure.complete(reason);
    }

    @Override
    public void cancelled() {
      cancelled = true;
    }
  }
}
