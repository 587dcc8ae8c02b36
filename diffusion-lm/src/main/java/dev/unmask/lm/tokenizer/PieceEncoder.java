package dev.unmask.lm.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Applies merges to the bytes of one piece: always the merge of lowest rank, leftmost first. A
 * queue over a linked list keeps a piece of n bytes at O(n log n), so that a megabyte of dashes
 * costs no more than other text.
 */
final class PieceEncoder {

  private static final int NONE = -1;

  private final int[] byteIds;
  private final List<BytePairVocabulary.Merge> merges;
  private final Map<Long, Integer> ranks;

  PieceEncoder(BytePairVocabulary vocabulary) {
    this.byteIds = vocabulary.byteIds();
    this.merges = vocabulary.merges();
    this.ranks = BytePairTokenizer.ranks(merges);
  }

  int[] encode(byte[] bytes) {
    Symbols symbols = new Symbols(bytes);
    for (int at = 0; at + 1 < bytes.length; at++) {
      symbols.offer(at);
    }
    while (!symbols.queue.isEmpty()) {
      symbols.apply(symbols.queue.remove());
    }
    return symbols.remaining();
  }

  /** The piece as a linked list over byte positions, with the possible merges queued by rank. */
  private final class Symbols {
    final int[] ids;
    final int[] next;
    final int[] previous;

    /** Rank in the upper, position in the lower half, so that natural order is merge order. */
    final PriorityQueue<Long> queue = new PriorityQueue<>();

    Symbols(byte[] bytes) {
      ids = new int[bytes.length];
      next = new int[bytes.length];
      previous = new int[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        ids[i] = byteIds[bytes[i] & 0xFF];
        next[i] = i + 1 < bytes.length ? i + 1 : NONE;
        previous[i] = i - 1;
      }
    }

    /** Queues the merge of the symbol at {@code at} with the one after it, if there is one. */
    void offer(int at) {
      if (at == NONE || next[at] == NONE) {
        return;
      }
      Integer rank = ranks.get(BytePairTokenizer.pair(ids[at], ids[next[at]]));
      if (rank != null) {
        queue.add(((long) rank << 32) | at);
      }
    }

    void apply(long entry) {
      int at = (int) entry;
      BytePairVocabulary.Merge merge = merges.get((int) (entry >> 32));
      int right = next[at];
      // An earlier merge may have taken one of the two symbols away.
      if (ids[at] != merge.left() || right == NONE || ids[right] != merge.right()) {
        return;
      }
      ids[at] = merge.merged();
      ids[right] = NONE;
      next[at] = next[right];
      if (next[at] != NONE) {
        previous[next[at]] = at;
      }
      offer(previous[at]);
      offer(at);
    }

    int[] remaining() {
      return Arrays.stream(ids).filter(id -> id != NONE).toArray();
    }
  }
}
