package dev.unmask.lm.packing;

import java.util.Arrays;

/** Joins tokenised documents, each ended by an end-of-text id, and cuts the stream into rows. */
public final class Packer {

  private int[] stream = new int[1 << 16];
  private int size;

  private Packer() {}

  /**
   * Packs documents in the order given. Tokens after the last full row are left out, fewer than one
   * row.
   *
   * @param documents ids of each document, without an end-of-text id
   * @param length tokens a row, at least 2
   * @param endOfText the id put after every document
   * @throws CorpusTooSmallException if the documents do not fill one row
   * @throws IllegalArgumentException if the length is below 2, or beyond 2^31 tokens
   */
  public static PackedSequences pack(Iterable<int[]> documents, int length, int endOfText) {
    if (length < 2) {
      throw new IllegalArgumentException("length must be at least 2, was " + length);
    }
    Packer packer = new Packer();
    for (int[] document : documents) {
      packer.append(document, endOfText);
    }
    int count = packer.size / length;
    if (count == 0) {
      throw new CorpusTooSmallException(packer.size, length);
    }
    return PackedSequences.of(Arrays.copyOf(packer.stream, count * length), length, endOfText);
  }

  private void append(int[] document, int endOfText) {
    long needed = (long) size + document.length + 1;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("at most 2^31 tokens fit into one set of sequences");
    }
    if (needed > stream.length) {
      long grown = Math.max(needed, Math.min(Integer.MAX_VALUE - 8L, stream.length * 2L));
      stream = Arrays.copyOf(stream, (int) grown);
    }
    System.arraycopy(document, 0, stream, size, document.length);
    stream[size + document.length] = endOfText;
    size = (int) needed;
  }
}
