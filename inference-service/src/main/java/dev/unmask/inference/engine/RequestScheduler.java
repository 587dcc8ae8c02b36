package dev.unmask.inference.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which requests run and which wait. Knows neither models nor threads nor the clock: the
 * engine tells it the time and does what a {@link Round} says. Not thread-safe; the engine guards
 * it.
 *
 * <p>A free place goes to the waiting team with the fewest running requests, and among those to the
 * one that has waited longest for a place, so a team that sends a hundred prompts does not hold up
 * another's one. Running requests take turns: one denoising step each per round.
 */
final class RequestScheduler {
  private final int maxRunning;
  private final int maxQueued;
  private final Map<String, ArrayDeque<Ticket>> waiting = new LinkedHashMap<>();
  private final List<Ticket> running = new ArrayList<>();
  private final Set<Ticket> cancelled = new HashSet<>();
  private int queued;

  RequestScheduler(int maxRunning, int maxQueued) {
    if (maxRunning < 1 || maxQueued < 0) {
      throw new IllegalArgumentException(
          "maxRunning must be >= 1 and maxQueued >= 0, were " + maxRunning + " and " + maxQueued);
    }
    this.maxRunning = maxRunning;
    this.maxQueued = maxQueued;
  }

  /**
   * A request's place in the schedule.
   *
   * @param number unique, in order of arrival
   * @param startBefore end of its patience in the queue
   * @param finishBefore end of its patience altogether
   */
  record Ticket(long number, String team, Instant startBefore, Instant finishBefore) {}

  enum End {
    CANCELLED,
    QUEUED_TOO_LONG,
    RAN_TOO_LONG
  }

  /** A request that leaves the schedule without having finished. */
  record Ended(Ticket ticket, End why) {}

  /**
   * One engine iteration.
   *
   * @param ended leave before anything is computed
   * @param admitted have just got a place, and are among the running
   * @param running take one denoising step each, in this order
   */
  record Round(List<Ended> ended, List<Ticket> admitted, List<Ticket> running) {
    boolean isIdle() {
      return ended.isEmpty() && running.isEmpty();
    }
  }

  /** Takes all of the group into the queue, or none when they do not fit. */
  boolean offer(List<Ticket> group) {
    int places = maxRunning - running.size() + maxQueued - queued;
    if (group.size() > places) {
      return false;
    }
    for (Ticket ticket : group) {
      waiting.computeIfAbsent(ticket.team(), team -> new ArrayDeque<>()).addLast(ticket);
      queued++;
    }
    return true;
  }

  /** The request ends with the next round, whether it waits or runs; unknown ones are ignored. */
  void cancel(Ticket ticket) {
    ArrayDeque<Ticket> line = waiting.get(ticket.team());
    if (running.contains(ticket) || (line != null && line.contains(ticket))) {
      cancelled.add(ticket);
    }
  }

  /** The request needs no further step. */
  void finished(Ticket ticket) {
    running.remove(ticket);
    cancelled.remove(ticket);
  }

  /** Removes what ended, gives free places away, and names the requests whose turn it is. */
  Round next(Instant now) {
    List<Ended> ended = new ArrayList<>();
    for (Ticket ticket : List.copyOf(running)) {
      if (endIfDue(ticket, ticket.finishBefore(), End.RAN_TOO_LONG, now, ended)) {
        running.remove(ticket);
      }
    }
    for (ArrayDeque<Ticket> line : waiting.values()) {
      int before = line.size();
      line.removeIf(t -> endIfDue(t, t.startBefore(), End.QUEUED_TOO_LONG, now, ended));
      queued -= before - line.size();
    }
    waiting.values().removeIf(ArrayDeque::isEmpty);
    return new Round(List.copyOf(ended), admit(), List.copyOf(running));
  }

  int queued() {
    return queued;
  }

  int running() {
    return running.size();
  }

  private boolean endIfDue(
      Ticket ticket, Instant due, End overdue, Instant now, List<Ended> ended) {
    boolean wasCancelled = cancelled.remove(ticket);
    if (!wasCancelled && now.isBefore(due)) {
      return false;
    }
    ended.add(new Ended(ticket, wasCancelled ? End.CANCELLED : overdue));
    return true;
  }

  private List<Ticket> admit() {
    List<Ticket> admitted = new ArrayList<>();
    while (running.size() < maxRunning && !waiting.isEmpty()) {
      String team = neediestTeam();
      ArrayDeque<Ticket> line = waiting.remove(team);
      if (line == null) {
        break;
      }
      admitted.add(line.removeFirst());
      running.add(admitted.getLast());
      queued--;
      if (!line.isEmpty()) {
        waiting.put(team, line); // behind the teams that still wait for their turn
      }
    }
    return List.copyOf(admitted);
  }

  private String neediestTeam() {
    return waiting.keySet().stream()
        .min(Comparator.comparingLong(this::runningOf))
        .orElseThrow(() -> new IllegalStateException("no team waits"));
  }

  private long runningOf(String team) {
    return running.stream().filter(ticket -> ticket.team().equals(team)).count();
  }
}
