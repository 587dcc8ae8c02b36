package dev.unmask.lm.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One token a byte of UTF-8, and end of text: nothing to train. Stored as a BPE without merges. */
public final class ByteTokenizer implements Tokenizer {

  private static final int BYTES = 256;

  @Override
  public int vocabularySize() {
    return BYTES + 1;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ids[i] = bytes[i] & 0xFF;
    }
    return ids;
  }

  @Override
  public byte[] decodeBytes(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length);
    for (int id : ids) {
      UnknownIds.check(id, this);
      if (id < BYTES) {
        bytes.write(id);
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public void save(Path directory) {
    TokenizerJson.write(BytePairVocabulary.BYTES, directory);
  }
}
