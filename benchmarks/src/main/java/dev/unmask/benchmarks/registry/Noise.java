package dev.unmask.benchmarks.registry;

import java.io.InputStream;
import java.util.SplittableRandom;

/** Bytes that don't compress and no block of which repeats; always the same ones. */
final class Noise extends InputStream {
  private static final int BLOCK = 1 << 20;

  private final byte[] block = new byte[BLOCK];
  private final long size;
  private long given;

  Noise(long size) {
    this.size = size;
    new SplittableRandom(1).nextBytes(block);
    number(0);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (given == size) {
      return -1;
    }
    int at = (int) (given % BLOCK);
    int count = (int) Math.min(Math.min(length, BLOCK - at), size - given);
    System.arraycopy(block, at, target, offset, count);
    given += count;
    if (given % BLOCK == 0) {
      number(given / BLOCK);
    }
    return count;
  }

  /** Writes the block's number to its beginning. */
  private void number(long index) {
    for (int i = 0; i < Long.BYTES; i++) {
      block[i] = (byte) (index >>> (Byte.SIZE * i));
    }
  }
}
