package dev.unmask.lm.tokenizer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How often each pair of neighbouring symbols occurs, kept up to date while pairs are merged. Only
 * the pieces that hold the merged pair are visited again, so a merge costs what it changes.
 */
final class PairCounts {

  /** One different piece of the text: its symbols, rewritten by merges, and how often it occurs. */
  static final class Piece {
    private final int[] symbols;
    private final long count;
    private int length;

    Piece(int[] symbols, long count) {
      this.symbols = symbols;
      this.count = count;
      this.length = symbols.length;
    }
  }

  /** A pair with the count it had when it was queued. */
  record Candidate(int left, int right, long count) {
    static final Comparator<Candidate> ORDER =
        Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparingInt(Candidate::left)
            .thenComparingInt(Candidate::right);
  }

  private static final class Occurrences {
    private final IntList pieces = new IntList(4);
    private long count;
  }

  private final List<Piece> pieces;
  private final Map<Long, Occurrences> pairs = new HashMap<>();

  /** Counts go stale as they change; {@link #mostFrequent} queues a stale entry anew. */
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.ORDER);

  PairCounts(List<Piece> pieces) {
    this.pieces = pieces;
    for (int index = 0; index < pieces.size(); index++) {
      Piece piece = pieces.get(index);
      for (int at = 0; at + 1 < piece.length; at++) {
        add(piece.symbols[at], piece.symbols[at + 1], index);
      }
    }
    pairs.forEach(
        (pair, found) ->
            queue.add(new Candidate((int) (pair >> 32), pair.intValue(), found.count)));
  }

  /** The pair that occurs most often, of equal ones that with the lowest ids; null when none. */
  @Nullable Candidate mostFrequent() {
    while (true) {
      Candidate head = queue.poll();
      if (head == null) {
        return null;
      }
      long count = count(head.left(), head.right());
      if (count == head.count()) {
        return head;
      }
      if (count > 0) {
        queue.add(new Candidate(head.left(), head.right(), count));
      }
    }
  }

  long count(int left, int right) {
    Occurrences found = pairs.get(BytePairTokenizer.pair(left, right));
    return found == null ? 0 : found.count;
  }

  /** Replaces the pair by {@code merged} in every piece, from left to right. */
  void merge(Candidate pair, int merged) {
    long key = BytePairTokenizer.pair(pair.left(), pair.right());
    Occurrences found = pairs.get(key);
    if (found == null) {
      throw new IllegalArgumentException("no such pair: " + pair);
    }
    Set<Long> grown = new HashSet<>();
    for (int i = 0; i < found.pieces.size(); i++) {
      rewrite(found.pieces.get(i), pair, merged, grown);
    }
    pairs.remove(key);
    // A pair that has grown would be missed under its old, lower count.
    for (long grownPair : grown) {
      int left = (int) (grownPair >> 32);
      int right = (int) grownPair;
      queue.add(new Candidate(left, right, count(left, right)));
    }
  }

  private void rewrite(int index, Candidate pair, int merged, Set<Long> grown) {
    Piece piece = pieces.get(index);
    int[] symbols = piece.symbols;
    int written = 0;
    for (int read = 0; read < piece.length; written++) {
      boolean matches =
          read + 1 < piece.length
              && symbols[read] == pair.left()
              && symbols[read + 1] == pair.right();
      if (!matches) {
        symbols[written] = symbols[read++];
        continue;
      }
      if (written > 0) {
        subtract(symbols[written - 1], pair.left(), piece.count);
        add(symbols[written - 1], merged, index);
        grown.add(BytePairTokenizer.pair(symbols[written - 1], merged));
      }
      if (read + 2 < piece.length) {
        subtract(pair.right(), symbols[read + 2], piece.count);
        add(merged, symbols[read + 2], index);
        grown.add(BytePairTokenizer.pair(merged, symbols[read + 2]));
      }
      symbols[written] = merged;
      read += 2;
    }
    piece.length = written;
  }

  private void subtract(int left, int right, long count) {
    Occurrences found = pairs.get(BytePairTokenizer.pair(left, right));
    if (found != null) {
      found.count -= count;
    }
  }

  private void add(int left, int right, int index) {
    Occurrences found =
        pairs.computeIfAbsent(BytePairTokenizer.pair(left, right), unseen -> new Occurrences());
    found.count += pieces.get(index).count;
    IntList holders = found.pieces;
    if (holders.size() == 0 || holders.get(holders.size() - 1) != index) {
      holders.add(index);
    }
  }
}
