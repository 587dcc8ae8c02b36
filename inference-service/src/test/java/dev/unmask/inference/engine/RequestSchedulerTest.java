package dev.unmask.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.inference.engine.RequestScheduler.End;
import dev.unmask.inference.engine.RequestScheduler.Ended;
import dev.unmask.inference.engine.RequestScheduler.Round;
import dev.unmask.inference.engine.RequestScheduler.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSchedulerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private long lastNumber;

  @Test
  void runsRequestsInTheOrderOfTheirArrivalUpToItsBound() {
    RequestScheduler scheduler = new RequestScheduler(2, 10);
    Ticket first = ticket("a");
    Ticket second = ticket("a");
    Ticket third = ticket("a");
    scheduler.offer(List.of(first, second, third));

    Round round = scheduler.next(NOW);

    assertThat(round.running()).containsExactly(first, second);
    assertThat(scheduler.queued()).isOne();
    scheduler.finished(first);
    assertThat(scheduler.next(NOW).running()).containsExactly(second, third);
  }

  @Test
  void takesAGroupOnlyAsAWhole() {
    RequestScheduler scheduler = new RequestScheduler(1, 2);

    assertThat(scheduler.offer(List.of(ticket("a"), ticket("a"), ticket("a"), ticket("a"))))
        .isFalse();
    assertThat(scheduler.queued()).isZero();
    assertThat(scheduler.offer(List.of(ticket("a"), ticket("a"), ticket("a")))).isTrue();
    assertThat(scheduler.offer(List.of(ticket("b")))).isFalse();
  }

  @Test
  void givesAFreePlaceToTheTeamWithTheFewestRunningRequests() {
    RequestScheduler scheduler = new RequestScheduler(2, 10);
    Ticket[] greedy = {ticket("a"), ticket("a"), ticket("a"), ticket("a")};
    scheduler.offer(List.of(greedy));
    scheduler.next(NOW);
    Ticket modest = ticket("b");
    scheduler.offer(List.of(modest));

    scheduler.finished(greedy[0]);

    assertThat(scheduler.next(NOW).admitted()).containsExactly(modest);
  }

  @Test
  void alternatesBetweenTeamsThatWait() {
    RequestScheduler scheduler = new RequestScheduler(1, 10);
    scheduler.offer(List.of(ticket("a"), ticket("a"), ticket("a")));
    scheduler.offer(List.of(ticket("b"), ticket("b")));
    List<String> order = new ArrayList<>();

    for (int i = 0; i < 5; i++) {
      Ticket running = scheduler.next(NOW).running().getFirst();
      order.add(running.team());
      scheduler.finished(running);
    }

    assertThat(order).containsExactly("a", "b", "a", "b", "a");
  }

  @Test
  void endsCancelledRequestsWhetherTheyWaitOrRun() {
    RequestScheduler scheduler = new RequestScheduler(1, 10);
    Ticket running = ticket("a");
    Ticket waiting = ticket("a");
    Ticket other = ticket("a");
    scheduler.offer(List.of(running, waiting, other));
    scheduler.next(NOW);

    scheduler.cancel(running);
    scheduler.cancel(waiting);
    scheduler.cancel(ticket("stranger"));
    Round round = scheduler.next(NOW);

    assertThat(round.ended())
        .containsExactlyInAnyOrder(
            new Ended(running, End.CANCELLED), new Ended(waiting, End.CANCELLED));
    assertThat(round.running()).containsExactly(other);
    assertThat(scheduler.next(NOW).ended()).isEmpty();
  }

  @Test
  void endsRequestsWhosePatienceIsOver() {
    RequestScheduler scheduler = new RequestScheduler(1, 10);
    Ticket running = ticket("a");
    Ticket waiting = ticket("a");
    scheduler.offer(List.of(running, waiting));
    scheduler.next(NOW);

    assertThat(scheduler.next(NOW.plusSeconds(10)).ended())
        .containsExactly(new Ended(waiting, End.QUEUED_TOO_LONG));
    assertThat(scheduler.next(NOW.plusSeconds(60)).ended())
        .containsExactly(new Ended(running, End.RAN_TOO_LONG));
    assertThat(scheduler.next(NOW.plusSeconds(60)).isIdle()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverLosesARequestNorExceedsItsBounds(long seed) {
    Random random = new Random(seed);
    RequestScheduler scheduler = new RequestScheduler(3, 6);
    Set<Ticket> open = new HashSet<>();
    Instant now = NOW;

    for (int i = 0; i < 2_000; i++) {
      Ticket ticket =
          new Ticket(++lastNumber, "t" + random.nextInt(4), now.plusSeconds(5), now.plusSeconds(9));
      if (scheduler.offer(List.of(ticket))) {
        open.add(ticket);
      }
      if (random.nextInt(5) == 0) {
        open.stream().findAny().ifPresent(scheduler::cancel);
      }
      Round round = scheduler.next(now);
      round.ended().forEach(ended -> assertThat(open.remove(ended.ticket())).isTrue());
      assertThat(open).containsAll(round.running());
      assertThat(round.running()).hasSizeLessThanOrEqualTo(3).doesNotHaveDuplicates();
      assertThat(scheduler.queued()).isBetween(0, 9);
      if (!round.running().isEmpty() && random.nextBoolean()) {
        scheduler.finished(round.running().getFirst());
        open.remove(round.running().getFirst());
      }
      assertThat(open).hasSize(scheduler.running() + scheduler.queued());
      now = now.plus(Duration.ofMillis(random.nextInt(2_000)));
    }
  }

  private Ticket ticket(String team) {
    return new Ticket(++lastNumber, team, NOW.plusSeconds(10), NOW.plusSeconds(60));
  }
}
