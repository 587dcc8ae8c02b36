package dev.unmask.benchmarks;

import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A text as rows of 64 characters: the first nine tenths to learn from, the rest to validate with,
 * as nanoGPT splits tinyshakespeare.
 *
 * @param digest of the whole text
 */
record CharacterText(PackedSequences training, PackedSequences validation, String digest) {

  static final ByteTokenizer CHARACTERS = new ByteTokenizer();
  static final int LENGTH = 64;
  private static final double TRAINING_SHARE = 0.9;

  static CharacterText of(Path file) {
    try {
      return of(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no text at " + file + ": name one by --text, tinyshakespeare for published figures", e);
    }
  }

  static CharacterText of(String text) {
    int cut = (int) (TRAINING_SHARE * text.length());
    return new CharacterText(
        packed(text.substring(0, cut)), packed(text.substring(cut)), TrainingCell.digest(text));
  }

  private static PackedSequences packed(String text) {
    return Packer.pack(List.of(CHARACTERS.encode(text)), LENGTH, CHARACTERS.endOfText());
  }

  /**
   * The first rows to validate with, all of them as often as each is to be scored: a bound draws
   * anew for every row.
   */
  PackedSequences validation(int rows, int times) {
    int[] once = ids(validation, Math.min(rows, validation.count()));
    int[] all = new int[times * once.length];
    for (int i = 0; i < times; i++) {
      System.arraycopy(once, 0, all, i * once.length, once.length);
    }
    return PackedSequences.of(all, LENGTH, CHARACTERS.endOfText());
  }

  /**
   * What knowing how frequent each character is comes to, in nats a character of validation text:
   * the plateau that a masked model learns first and stays on for a while.
   */
  double unigramNats() {
    return unigramNats(
        ids(training, training.count()),
        ids(validation, validation.count()),
        CHARACTERS.vocabularySize());
  }

  /**
   * Cross-entropy of tokens under the frequencies of others, one added to every count so that no
   * token is impossible.
   */
  static double unigramNats(int[] counted, int[] scored, int vocabulary) {
    long[] counts = new long[vocabulary];
    for (int id : counted) {
      counts[id]++;
    }
    double all = (double) counted.length + vocabulary;
    double nats = 0;
    for (int id : scored) {
      nats -= Math.log((counts[id] + 1) / all);
    }
    return nats / scored.length;
  }

  private static int[] ids(PackedSequences rows, int count) {
    int[] ids = new int[count * rows.length()];
    for (int row = 0; row < count; row++) {
      System.arraycopy(rows.sequence(row), 0, ids, row * rows.length(), rows.length());
    }
    return ids;
  }
}
