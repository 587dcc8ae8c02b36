package dev.unmask.lm.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Byte-level byte-pair encoding with GPT-2's pre-tokenisation: any text has tokens, and decoding
 * them gives it back byte for byte. Made by {@link BytePairTrainer}, opened by {@link
 * Tokenizers#load}.
 */
public final class BytePairTokenizer implements Tokenizer {

  /** Natural text repeats its pieces: 5 MB of source code has some 50,000 different ones. */
  private static final int CACHED_PIECES = 1 << 17;

  private static final int LONGEST_CACHED_PIECE = 64;

  private final BytePairVocabulary vocabulary;
  private final PieceEncoder pieceEncoder;
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  BytePairTokenizer(BytePairVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.pieceEncoder = new PieceEncoder(vocabulary);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size() + 1;
  }

  @Override
  public int[] encode(String text) {
    IntList ids = new IntList(text.length() / 2 + 16);
    for (int start = 0; start < text.length(); ) {
      int end = PreTokenizer.pieceEnd(text, start);
      ids.addAll(encodePiece(text.substring(start, end)));
      start = end;
    }
    return ids.toArray();
  }

  private int[] encodePiece(String piece) {
    int[] known = cache.get(piece);
    if (known != null) {
      return known;
    }
    int[] ids = pieceEncoder.encode(piece.getBytes(StandardCharsets.UTF_8));
    if (piece.length() <= LONGEST_CACHED_PIECE && cache.size() < CACHED_PIECES) {
      cache.put(piece, ids);
    }
    return ids;
  }

  @Override
  public byte[] decodeBytes(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      UnknownIds.check(id, this);
      if (id < vocabulary.size()) {
        bytes.writeBytes(vocabulary.token(id));
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public void save(Path directory) {
    TokenizerJson.write(vocabulary, directory);
  }

  /** The merges by pair, for {@link PieceEncoder}. */
  static Map<Long, Integer> ranks(List<BytePairVocabulary.Merge> merges) {
    Map<Long, Integer> ranks = HashMap.newHashMap(merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      ranks.put(pair(merges.get(rank).left(), merges.get(rank).right()), rank);
    }
    return ranks;
  }

  static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }
}
