package dev.unmask.registry.admission;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A number of places, and a number of threads that may wait for one. */
final class Gate {
  private final Semaphore places;
  private final Semaphore waitingPlaces;
  private final Duration longestWait;

  Gate(int places, int waiting, Duration longestWait) {
    this.places = new Semaphore(places, true);
    this.waitingPlaces = new Semaphore(waiting);
    this.longestWait = longestWait;
  }

  /** Whether there is a place, now or within the wait; an interrupted thread gets none. */
  boolean enter() {
    if (places.tryAcquire()) {
      return true;
    }
    if (!waitingPlaces.tryAcquire()) {
      return false;
    }
    try {
      return places.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waitingPlaces.release();
    }
  }

  /** Once after each {@link #enter} that was true, from any thread. */
  void leave() {
    places.release();
  }
}
