package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadTest {

  private static final double LONG = 600;

  @Test
  void stopsAfterTheMostRequestsOfAllClientsTogether() {
    AtomicInteger sent = new AtomicInteger();
    Set<Integer> clients = ConcurrentHashMap.newKeySet();

    Load.Outcome outcome =
        new Load(3, 0, LONG, 60)
            .run(
                client -> {
                  clients.add(client);
                  sent.incrementAndGet();
                  return reply(200);
                });

    assertThat(outcome.milliseconds().count()).isEqualTo(60);
    assertThat(sent).hasValue(60);
    assertThat(clients).isSubsetOf(0, 1, 2);
    assertThat(outcome.errors()).isZero();
    assertThat(outcome.perSecond()).isPositive();
  }

  @Test
  void countsErrorsApartFromAnswers() {
    AtomicInteger sent = new AtomicInteger();

    Load.Outcome outcome =
        new Load(1, 0, LONG, 4)
            .run(
                client ->
                    switch (sent.incrementAndGet()) {
                      case 1 -> reply(500);
                      case 2 -> throw new IllegalStateException("broken connection");
                      default -> reply(200);
                    });

    assertThat(outcome.failed()).isEqualTo(2);
    assertThat(outcome.refused()).isZero();
    assertThat(outcome.milliseconds().count()).isEqualTo(2);
  }

  @Test
  void tellsRefusalsFromFailures() {
    AtomicInteger sent = new AtomicInteger();

    Load.Outcome outcome =
        new Load(1, 0, LONG, 2).run(client -> reply(sent.incrementAndGet() == 1 ? 429 : 200));

    assertThat(outcome.refused()).isEqualTo(1);
    assertThat(outcome.failed()).isZero();
  }

  @Test
  void failsWithTheAnswerWhereNothingSucceeds() {
    assertThatThrownBy(() -> new Load(1, 0, LONG, 3).run(client -> reply(400)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("status 400: body");
  }

  private static Reply reply(int status) {
    return new Reply(status, "body".getBytes(StandardCharsets.UTF_8), 0);
  }
}
