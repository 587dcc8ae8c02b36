package dev.unmask.lm.tokenizer;

import dev.unmask.lm.tokenizer.BytePairVocabulary.Merge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Learns a byte-level BPE (Sennrich et al., arXiv:1508.07909; byte level as in GPT-2): counts the
 * pieces of the text once, then merges the most frequent pair of neighbours again and again,
 * keeping the pair counts up to date. Equal counts go to the pair with the lower ids, so the same
 * text always gives the same tokenizer.
 */
public final class BytePairTrainer {

  /** Bytes and end of text; everything above is learned. */
  public static final int SMALLEST_VOCABULARY = 257;

  /** Sixteen-bit ids are as far as the suite's own models go. */
  public static final int LARGEST_VOCABULARY = 65_535;

  /** Longer pieces (a rule of dashes, a base64 blob) are counted up to here only. */
  private static final int LONGEST_PIECE = 256;

  /** A pair seen once is no pattern. */
  private static final int FEWEST_OCCURRENCES = 2;

  private BytePairTrainer() {}

  /**
   * @param documents the training text; iterated once
   * @param vocabularySize tokens including end of text and without the mask, in [{@value
   *     #SMALLEST_VOCABULARY}, {@value #LARGEST_VOCABULARY}]; a text with fewer repeated pairs
   *     gives a smaller vocabulary
   * @throws IllegalArgumentException if the size is out of range
   */
  public static BytePairTokenizer train(Iterable<String> documents, int vocabularySize) {
    if (vocabularySize < SMALLEST_VOCABULARY || vocabularySize > LARGEST_VOCABULARY) {
      throw new IllegalArgumentException(
          "vocabularySize must be in [%d, %d], was %d"
              .formatted(SMALLEST_VOCABULARY, LARGEST_VOCABULARY, vocabularySize));
    }
    PairCounts pairs = new PairCounts(pieceCounts(documents));
    return new BytePairTokenizer(learn(pairs, vocabularySize - 1));
  }

  private static BytePairVocabulary learn(PairCounts pairs, int tokenCount) {
    Learned learned = new Learned();
    while (learned.tokens.size() < tokenCount) {
      PairCounts.Candidate best = pairs.mostFrequent();
      if (best == null || best.count() < FEWEST_OCCURRENCES) {
        break;
      }
      pairs.merge(best, learned.merge(best.left(), best.right()));
    }
    return new BytePairVocabulary(learned.tokens, List.copyOf(learned.merges));
  }

  /**
   * The vocabulary as it grows. "a|bc" and "ab|c" spell the same token and share its id, as the
   * file format asks; so a pair merged earlier can come up again.
   */
  private static final class Learned {
    private final List<byte[]> tokens = new ArrayList<>(BytePairVocabulary.byteTokens());
    private final Map<String, Integer> idsByText = new HashMap<>();
    private final Set<Merge> merges = new LinkedHashSet<>();

    int merge(int left, int right) {
      byte[] bytes = concatenate(tokens.get(left), tokens.get(right));
      Integer known = idsByText.putIfAbsent(ByteAlphabet.spell(bytes), tokens.size());
      int merged = known == null ? tokens.size() : known;
      if (known == null) {
        tokens.add(bytes);
      }
      merges.add(new Merge(left, right, merged));
      return merged;
    }
  }

  private static byte[] concatenate(byte[] left, byte[] right) {
    byte[] both = new byte[left.length + right.length];
    System.arraycopy(left, 0, both, 0, left.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  /** The symbols of every different piece and how often it occurs. */
  private static List<PairCounts.Piece> pieceCounts(Iterable<String> documents) {
    Map<String, long[]> counts = new HashMap<>();
    for (String text : documents) {
      for (int start = 0; start < text.length(); ) {
        int end = PreTokenizer.pieceEnd(text, start);
        String piece = text.substring(start, Math.min(end, start + LONGEST_PIECE));
        counts.computeIfAbsent(piece, unseen -> new long[1])[0]++;
        start = end;
      }
    }
    List<PairCounts.Piece> pieces = new ArrayList<>(counts.size());
    counts.forEach((piece, count) -> pieces.add(new PairCounts.Piece(symbols(piece), count[0])));
    return pieces;
  }

  private static int[] symbols(String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    int[] symbols = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = bytes[i] & 0xFF;
    }
    return symbols;
  }
}
