package dev.unmask.lm.tokenizer;

/** Streams a tokenizer whose tokens are bytes. */
final class ByteStreamDecoder implements StreamingDecoder {

  private final Tokenizer tokenizer;
  private final Utf8Decoder utf8 = new Utf8Decoder();

  ByteStreamDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public String append(int... ids) {
    return utf8.append(tokenizer.decodeBytes(ids));
  }

  @Override
  public String finish() {
    return utf8.finish();
  }
}
