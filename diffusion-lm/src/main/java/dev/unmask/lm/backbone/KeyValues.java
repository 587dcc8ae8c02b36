package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;

/**
 * Keys, with their rotary positions applied, and values of consecutive cached tokens in every
 * layer. Appending is amortised: the memory doubles when it is full. Engine thread only.
 */
public final class KeyValues implements AutoCloseable {
  private static final int MINIMUM_CAPACITY = 64;

  private final Kernels kernels;
  private final TensorScope scope;
  private NDArray memory;
  private int length;

  /**
   * @param memory {@code [layers, 2, key/value heads, length, head width]}, owned by this object
   */
  KeyValues(Kernels kernels, TensorScope scope, NDArray memory, int length) {
    this.kernels = kernels;
    this.scope = scope;
    this.memory = scope.keep(memory);
    this.length = length;
  }

  /** Number of tokens. */
  public int length() {
    return length;
  }

  /** A copy of tokens {@code from} to {@code to}. */
  public KeyValues slice(int from, int to) {
    requireRange(from, to);
    TensorScope other = TensorScope.open();
    return new KeyValues(
        kernels, other, kernels.call(other, "slice", memory, from, to).get(0), to - from);
  }

  /** This one's tokens followed by the other's, copied. */
  public KeyValues concat(KeyValues other) {
    KeyValues joined = withCapacity(length + other.length);
    joined.append(this);
    joined.append(other);
    return joined;
  }

  /** Adds the other's tokens behind these, in place. */
  public void append(KeyValues other) {
    reserve(other.length);
    write(length, other);
    length += other.length;
  }

  /**
   * Makes room for this many tokens behind the present ones. A forward pass over at most as many
   * tokens then works in that room instead of copying the cache.
   */
  public void reserve(int tokens) {
    if (length + tokens > capacity()) {
      grow(length + tokens);
    }
  }

  /** Replaces tokens {@code at} to {@code at + other.length()}, in place. */
  public void overwrite(int at, KeyValues other) {
    requireRange(at, at + other.length);
    write(at, other);
  }

  /** Forgets every token from {@code newLength} on. */
  public void truncate(int newLength) {
    requireRange(newLength, length);
    length = newLength;
  }

  /** {@code [layers, 2, key/value heads, capacity, head width]}; stays owned by this object. */
  NDArray memory() {
    return memory;
  }

  /** Tokens 0 to length without the spare room; shares the memory. */
  NDArray view(TensorScope viewer) {
    return kernels.call(viewer, "view", memory, length).get(0);
  }

  private void write(int at, KeyValues other) {
    try (TensorScope once = scope.child()) {
      kernels.call(once, "write", memory, other.view(once), at);
    }
  }

  private int capacity() {
    return (int) memory.getShape().get(3);
  }

  private void grow(int needed) {
    int capacity = Math.max(Math.max(needed, 2 * capacity()), MINIMUM_CAPACITY);
    NDArray old = memory;
    memory = kernels.call(scope, "cache", old, capacity).get(0);
    try (TensorScope once = scope.child()) {
      NDArray tokens = kernels.call(once, "view", old, length).get(0);
      kernels.call(once, "write", memory, tokens, 0);
    }
    old.close();
  }

  private KeyValues withCapacity(int capacity) {
    TensorScope other = TensorScope.open();
    return new KeyValues(kernels, other, kernels.call(other, "cache", memory, capacity).get(0), 0);
  }

  private void requireRange(int from, int to) {
    if (from < 0 || from > to || to > length) {
      throw new IllegalArgumentException(
          "tokens " + from + " to " + to + " are not within the " + length + " cached ones");
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
