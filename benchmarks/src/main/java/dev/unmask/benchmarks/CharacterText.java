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
 */
record CharacterText(PackedSequences training, PackedSequences validation) {

  static final ByteTokenizer CHARACTERS = new ByteTokenizer();
  static final int LENGTH = 64;
  private static final double TRAINING_SHARE = 0.9;

  static CharacterText of(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no text at " + file + ": name one by --text, tinyshakespeare for published figures", e);
    }
    int cut = (int) (TRAINING_SHARE * text.length());
    return new CharacterText(packed(text.substring(0, cut)), packed(text.substring(cut)));
  }

  private static PackedSequences packed(String text) {
    return Packer.pack(List.of(CHARACTERS.encode(text)), LENGTH, CHARACTERS.endOfText());
  }
}
