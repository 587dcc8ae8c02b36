package dev.unmask.lm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a byte-level BPE knows: the bytes of every token by id, and the merges by rank. Two merges
 * may make the same token.
 */
final class BytePairVocabulary {

  /** Replaces the neighbours {@code left right} by {@code merged}. */
  record Merge(int left, int right, int merged) {}

  /** Bytes alone, by value, nothing to merge. */
  static final BytePairVocabulary BYTES = new BytePairVocabulary(byteTokens(), List.of());

  private final List<byte[]> tokens;
  private final List<Merge> merges;

  BytePairVocabulary(List<byte[]> tokens, List<Merge> merges) {
    this.tokens = List.copyOf(tokens);
    this.merges = List.copyOf(merges);
  }

  /** The 256 tokens of one byte, by value. */
  static List<byte[]> byteTokens() {
    return IntStream.range(0, 256).mapToObj(value -> new byte[] {(byte) value}).toList();
  }

  /** The number of tokens without end of text and mask. */
  int size() {
    return tokens.size();
  }

  /** The bytes of a token; not to be modified. */
  byte[] token(int id) {
    return tokens.get(id);
  }

  List<Merge> merges() {
    return merges;
  }

  /** The id of each of the 256 bytes. */
  int[] byteIds() {
    int[] ids = new int[256];
    for (int id = 0; id < tokens.size(); id++) {
      if (tokens.get(id).length == 1) {
        ids[tokens.get(id)[0] & 0xFF] = id;
      }
    }
    return ids;
  }

  /** The text of all tokens in the alphabet of {@code tokenizer.json}, by id. */
  List<String> spelled() {
    List<String> spelled = new ArrayList<>(tokens.size());
    tokens.forEach(token -> spelled.add(ByteAlphabet.spell(token)));
    return spelled;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BytePairVocabulary that
        && merges.equals(that.merges)
        && Arrays.deepEquals(tokens.toArray(), that.tokens.toArray());
  }

  @Override
  public int hashCode() {
    return 31 * tokens.size() + merges.hashCode();
  }
}
