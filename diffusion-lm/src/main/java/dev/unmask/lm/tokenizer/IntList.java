package dev.unmask.lm.tokenizer;

import java.util.Arrays;

/** Growing list of ints without boxes. */
final class IntList {

  private int[] values;
  private int size;

  IntList(int capacity) {
    values = new int[Math.max(4, capacity)];
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  void addAll(int[] added) {
    reserve(added.length);
    System.arraycopy(added, 0, values, size, added.length);
    size += added.length;
  }

  private void reserve(int more) {
    if (size + more > values.length) {
      values = Arrays.copyOf(values, Math.max(size + more, values.length + (values.length >> 1)));
    }
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
