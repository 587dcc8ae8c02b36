package dev.unmask.registry.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GateTest {

  @Test
  void letsInAsManyAsItHasPlacesAndAgainWhenOneLeaves() {
    Gate gate = new Gate(2, 0, Duration.ofMinutes(1));

    assertThat(gate.enter()).isTrue();
    assertThat(gate.enter()).isTrue();
    assertThat(gate.enter()).isFalse();
    gate.leave();
    assertThat(gate.enter()).isTrue();
  }

  @Test
  void refusesAtOnceWhereTooManyWaitAlready() throws Exception {
    Gate gate = new Gate(1, 1, Duration.ofMinutes(1));
    gate.enter();
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    Thread waiting = Thread.ofVirtual().start(() -> first.complete(gate.enter()));
    Await.until(
        "the first waits",
        Duration.ofSeconds(10),
        () -> waiting.getState() == Thread.State.TIMED_WAITING);

    assertThat(gate.enter()).isFalse();

    gate.leave();
    assertThat(first.get()).isTrue();
  }

  @Test
  void refusesAfterTheLongestWaitAndThenLetsOthersWait() {
    Gate gate = new Gate(1, 1, Duration.ofMillis(1));
    gate.enter();

    assertThat(gate.enter()).isFalse();
    assertThat(gate.enter()).isFalse();
    gate.leave();
    assertThat(gate.enter()).isTrue();
  }

  @Test
  void givesAnInterruptedThreadNoPlace() throws Exception {
    Gate gate = new Gate(1, 1, Duration.ofMinutes(1));
    gate.enter();
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread waiting = Thread.ofVirtual().start(() -> answer.complete(gate.enter()));

    waiting.interrupt();

    assertThat(answer.get()).isFalse();
    gate.leave();
    assertThat(gate.enter()).isTrue();
  }
}
