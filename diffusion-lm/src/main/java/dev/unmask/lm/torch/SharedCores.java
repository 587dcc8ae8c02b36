package dev.unmask.lm.torch;

import ai.djl.pytorch.jni.JniUtils;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

/**
 * Gives up threads that other work needs. The threads of an operation wait for each other at its
 * end; where another process keeps one of them off its core, all wait for it, hundreds of times a
 * pass: beside one busy thread on two cores decoding took four times as long, and twice as long on
 * one thread. So a thread measures now and then how many cores are left to it.
 *
 * <p>Only for passes whose results are the same bit for bit on any number of threads ({@link
 * Precision#isIndependentOfThreads}). Outside of them the thread has all its threads.
 */
public final class SharedCores implements AutoCloseable {
  private static final long WINDOW_NANOS = 250_000_000;
  private static final ThreadLocal<SharedCores> OF_THREAD =
      ThreadLocal.withInitial(SharedCores::new);

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final int all = TensorScope.threads();
  private final ThreadBudget budget = new ThreadBudget(cores, all);
  private long since = System.nanoTime();
  private long ofProcess = system.getProcessCpuTime();
  private long ofOtherThreads = otherThreads();

  private SharedCores() {
    system.getCpuLoad(); // the first answer is of no window
  }

  /** Until it is closed, this thread's operations run on the threads that others leave free. */
  public static SharedCores enter() {
    SharedCores shared = OF_THREAD.get();
    shared.measure();
    shared.use(shared.budget.threads());
    return shared;
  }

  /**
   * What others take: everything but this process, and its other Java threads. The helpers of this
   * thread are of the process and no Java threads.
   */
  private void measure() {
    long wall = System.nanoTime() - since;
    if (wall < WINDOW_NANOS) {
      return;
    }
    double load = system.getCpuLoad();
    long process = system.getProcessCpuTime();
    long other = otherThreads();
    if (load >= 0) {
      double elsewhere = Math.max(0, load * cores - (double) (process - ofProcess) / wall);
      budget.observe(elsewhere + Math.max(0.0, (double) (other - ofOtherThreads) / wall));
    }
    since += wall;
    ofProcess = process;
    ofOtherThreads = other;
  }

  /** CPU time of all Java threads but this one, of those that are there now. */
  private long otherThreads() {
    long self = Thread.currentThread().threadId();
    long[] ids = LongStream.of(threads.getAllThreadIds()).filter(id -> id != self).toArray();
    return LongStream.of(threads.getThreadCpuTime(ids)).filter(nanos -> nanos > 0).sum();
  }

  private void use(int count) {
    if (count < all) {
      JniUtils.setNumThreads(count);
    }
  }

  @Override
  public void close() {
    if (budget.threads() < all) {
      JniUtils.setNumThreads(all);
    }
  }
}
