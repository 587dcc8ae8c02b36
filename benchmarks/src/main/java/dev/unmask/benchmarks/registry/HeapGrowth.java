package dev.unmask.benchmarks.registry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;

/**
 * How much more of their heaps the registry and the gateway held during something, in megabytes;
 * the greatest of several looks.
 */
record HeapGrowth(double registry, double gateway) {
  private static final double PAUSE_SECONDS = 0.5;
  private static final double MEGABYTE = 1e6;

  static HeapGrowth during(Stack stack, Runnable action) {
    ProcessHandle registry = stack.process("registry");
    ProcessHandle gateway = stack.process("gateway");
    long registryBefore = LiveHeap.bytes(registry);
    long gatewayBefore = LiveHeap.bytes(gateway);
    long registryMost = registryBefore;
    long gatewayMost = gatewayBefore;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> running = CompletableFuture.runAsync(action, executor);
      boolean ended;
      do {
        Waiting.pause(PAUSE_SECONDS);
        ended = running.isDone(); // a last look is after the end
        registryMost = Math.max(registryMost, LiveHeap.bytes(registry));
        gatewayMost = Math.max(gatewayMost, LiveHeap.bytes(gateway));
      } while (!ended);
      running.join();
    } catch (CompletionException e) {
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    }
    return new HeapGrowth(
        (registryMost - registryBefore) / MEGABYTE, (gatewayMost - gatewayBefore) / MEGABYTE);
  }

  double greater() {
    return Math.max(registry, gateway);
  }
}
