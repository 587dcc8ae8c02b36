package dev.unmask.lm.tokenizer;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Opens the tokenizer that lies beside a model's weights. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Reads {@code tokenizer.json}. One written by this library is a byte-level BPE whose last two
   * ids are {@link Tokenizer#END_OF_TEXT} and {@link Tokenizer#MASK}, without merges a {@link
   * ByteTokenizer}. Any other is a {@link PublishedTokenizer}; the ids of its mask, end of text and
   * padding are those of {@code generation_config.json}, {@code config.json} and {@code
   * tokenizer_config.json} beside it. Where there is no such file, {@code vocab.json} and {@code
   * merges.txt} are read instead.
   *
   * @param directory the model's directory
   * @throws InvalidTokenizerException if the file is missing, damaged or of an unknown kind
   */
  public static Tokenizer load(Path directory) {
    Path file = directory.resolve(TokenizerJson.FILE);
    if (!Files.exists(file) && VocabularyFiles.areIn(directory)) {
      JsonObject document = VocabularyFiles.read(directory);
      return new PublishedTokenizerReader(file, document).read(ModelNames.of(directory));
    }
    JsonObject document = new JsonParts(file).parse();
    if (!TokenizerJsonReader.isOwn(document)) {
      return new PublishedTokenizerReader(file, document).read(ModelNames.of(directory));
    }
    BytePairVocabulary vocabulary = new TokenizerJsonReader(file).read(document);
    return vocabulary.equals(BytePairVocabulary.BYTES)
        ? new ByteTokenizer()
        : new BytePairTokenizer(vocabulary);
  }

  /**
   * A published tokenizer from documents that are not files of their own.
   *
   * @param source what the documents were taken from, for messages
   * @param documents {@code tokenizer.json}, and {@code config.json}, {@code
   *     generation_config.json}, {@code tokenizer_config.json} where there are such, by name
   * @throws InvalidTokenizerException if the tokenizer is inconsistent or of an unknown kind
   */
  public static Tokenizer of(Path source, Map<String, JsonObject> documents) {
    JsonObject document = documents.getOrDefault(TokenizerJson.FILE, new JsonObject());
    return new PublishedTokenizerReader(source, document).read(ModelNames.of(documents));
  }
}
