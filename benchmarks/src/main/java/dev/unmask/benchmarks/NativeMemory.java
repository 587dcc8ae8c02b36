package dev.unmask.benchmarks;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory as the C library gives it: unlike that of an arena, nobody has written zeros to it yet.
 */
record NativeMemory(MemorySegment segment) implements AutoCloseable {
  private static final MethodHandle ALLOCATE =
      function("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /**
   * @throws OutOfMemoryError if the C library has not so much
   */
  static NativeMemory allocate(long bytes) {
    MemorySegment start;
    try {
      start = (MemorySegment) ALLOCATE.invokeExact(bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("malloc failed", e);
    }
    if (start.address() == 0) {
      throw new OutOfMemoryError("the C library has no " + bytes + " bytes");
    }
    return new NativeMemory(start.reinterpret(bytes));
  }

  @Override
  public void close() {
    try {
      FREE.invokeExact(segment);
    } catch (Throwable e) {
      throw new IllegalStateException("free failed", e);
    }
  }
}
