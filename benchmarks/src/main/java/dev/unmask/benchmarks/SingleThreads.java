package dev.unmask.benchmarks;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several trainings at a time, one thread each: two of one thread train small networks faster than
 * one after the other with two. While it is open, PyTorch computes with one thread wherever it is
 * called.
 */
final class SingleThreads implements AutoCloseable {
  private final int threadsBefore = JniUtils.getNumThreads();
  private final ExecutorService executor;

  /**
   * @param atOnce trainings that run at a time; the others wait in the order they came
   */
  SingleThreads(int atOnce) {
    executor = Executors.newFixedThreadPool(atOnce);
    JniUtils.setNumThreads(1);
  }

  <T> Future<T> submit(Callable<T> training) {
    return executor.submit(training);
  }

  /**
   * What a training came to.
   *
   * @throws IllegalStateException if it failed
   */
  static <T> T join(Future<T> training) {
    try {
      return training.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in training", e);
    }
  }

  /** Ends what still runs and gives PyTorch its threads back. */
  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
    JniUtils.setNumThreads(threadsBefore);
  }
}
