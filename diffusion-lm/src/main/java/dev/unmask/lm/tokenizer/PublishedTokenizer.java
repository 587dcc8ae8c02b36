package dev.unmask.lm.tokenizer;

import dev.unmask.lm.tokenizer.TokenSpelling.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The tokenizer of a published model, read from its {@code tokenizer.json}. Hugging Face's library
 * encodes; decoding is done here, because a stream of tokens needs bytes.
 *
 * <p>A {@code SentencePiece} vocabulary puts a space before a text and takes it off again: {@link
 * #decode} gives a text of its own, {@link #decodeBytes} what the tokens add to a text before them.
 */
public final class PublishedTokenizer implements Tokenizer {

  private final Map<String, String> files;
  private final NativeTokenizer ordinary;
  private final NativeTokenizer withSpecialTokens;
  private final TokenTable table;
  private final Template template;
  private final SpecialIds ids;

  /**
   * @param files {@code tokenizer.json} and what else says something about the tokenizer, by name
   */
  PublishedTokenizer(
      Map<String, String> files,
      NativeTokenizer ordinary,
      NativeTokenizer withSpecialTokens,
      TokenTable table,
      Template template,
      SpecialIds ids) {
    this.files = Map.copyOf(files);
    this.ordinary = ordinary;
    this.withSpecialTokens = withSpecialTokens;
    this.table = table;
    this.template = template;
    this.ids = ids;
  }

  @Override
  public int vocabularySize() {
    return table.size();
  }

  @Override
  public int maskId() {
    return Objects.requireNonNullElse(ids.mask(), table.size());
  }

  @Override
  public int endOfText() {
    return Objects.requireNonNullElse(ids.endOfText(), -1);
  }

  @Override
  public int paddingId() {
    return Objects.requireNonNullElse(ids.padding(), endOfText());
  }

  @Override
  public int[] encode(String text) {
    return ordinary.encode(text);
  }

  @Override
  public int[] encodeWithSpecialTokens(String text) {
    return withSpecialTokens.encode(text);
  }

  @Override
  public Set<String> specialTokens() {
    return table.specialTokens();
  }

  /** As {@link #encodeWithSpecialTokens}, with the tokens the model expects around a text. */
  public int[] encodeAsDocument(String text) {
    return template.around(withSpecialTokens.encode(text));
  }

  @Override
  public byte[] decodeBytes(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(tokens.length * 4);
    for (int token : tokens) {
      UnknownIds.check(token, highestId());
      Piece piece = table.piece(token, false);
      if (piece != null) {
        bytes.writeBytes(piece.bytes());
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public String decode(int[] tokens) {
    StreamingDecoder stream = stream();
    return stream.append(tokens) + stream.finish();
  }

  @Override
  public String decodeWithSpecialTokens(int[] tokens) {
    StreamingDecoder stream = new PieceDecoder(table, highestId(), true);
    return stream.append(tokens) + stream.finish();
  }

  @Override
  public StreamingDecoder stream() {
    return new PieceDecoder(table, highestId(), false);
  }

  /** A model may have more rows than its vocabulary has tokens; what they stand for is nothing. */
  private int highestId() {
    return Math.max(Math.max(maskId(), table.size() - 1), ids.rows() - 1);
  }

  @Override
  public void save(Path directory) {
    files.forEach((name, text) -> TokenizerJson.replace(directory.resolve(name), text));
  }
}
