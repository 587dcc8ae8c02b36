package dev.unmask.lm.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts PyTorch once a process. */
final class TorchRuntime {
  private static final Logger log = LoggerFactory.getLogger(TorchRuntime.class);

  /** Of the order of ten microseconds. */
  private static final String SPINS_BEFORE_SLEEP = "10000";

  private static final Engine ENGINE = start();
  private static final Device DEVICE = ENGINE.getGpuCount() > 0 ? Device.gpu(0) : Device.cpu();

  private TorchRuntime() {}

  static Engine engine() {
    return ENGINE;
  }

  /**
   * The first GPU if PyTorch sees one; asking costs a call into the driver, so it is asked once.
   */
  static Device device() {
    return DEVICE;
  }

  /**
   * OpenMP's threads wait for each other at the end of every operation. Sleeping at once makes each
   * wait as long as a system call, which more than halves the speed of a small model; spinning for
   * as long as OpenMP does by default slowed a training step from 0.4 to 4 seconds beside one busy
   * process. A short spin has the best of both. OpenMP reads this when its library is loaded, so it
   * is set here, just before that; what the user has set stays.
   */
  private static Engine start() {
    if (System.getenv("OMP_WAIT_POLICY") == null) {
      setEnvironment("GOMP_SPINCOUNT", SPINS_BEFORE_SLEEP);
    }
    setEnvironment("THP_MEM_ALLOC_ENABLE", "1"); // pages of 2 MiB: a training step is 5 % faster
    Engine engine = Engine.getEngine("PyTorch");
    JniUtils.setGradMode(false);
    return engine;
  }

  /**
   * Runs kernels as they are written, on this thread. The optimising executor would fuse operations
   * after it has seen a few calls, so the same call would round differently depending on what was
   * called before, and a resumed run would not repeat an uninterrupted one.
   */
  static void interpretKernels() {
    JniUtils.setGraphExecutorOptimize(false);
  }

  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment function = linker.defaultLookup().find("setenv").orElse(null);
      if (function == null) {
        return; // Windows has no such function; nor does its PyTorch use this OpenMP
      }
      MethodHandle setenv =
          linker.downcallHandle(
              function,
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      int keepExisting = 0;
      int status =
          (int)
              setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), keepExisting);
      log.debug("{}={} unless set before, status {}", name, value, status);
    } catch (Throwable e) {
      log.warn("cannot set {}: computing may slow down beside other processes", name, e);
    }
  }
}
