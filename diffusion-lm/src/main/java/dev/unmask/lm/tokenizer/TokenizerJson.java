package dev.unmask.lm.tokenizer;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.unmask.lm.tokenizer.BytePairVocabulary.Merge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file format of Hugging Face's tokenizers, as far as a byte-level BPE uses it. Special tokens
 * stand outside the model's vocabulary, as its last ids.
 */
final class TokenizerJson {

  static final String FILE = "tokenizer.json";

  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().setPrettyPrinting().create();

  private TokenizerJson() {}

  static void write(BytePairVocabulary vocabulary, Path directory) {
    replace(directory.resolve(FILE), GSON.toJson(document(vocabulary)));
  }

  /** Writes the file in one move. */
  static void replace(Path file, String document) {
    Path directory = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(directory);
      Path unfinished = Files.createTempFile(directory, FILE, ".part");
      try {
        Files.writeString(unfinished, document);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        Files.move(
            unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static JsonObject document(BytePairVocabulary vocabulary) {
    JsonObject document = new JsonObject();
    document.addProperty("version", "1.0");
    document.add("truncation", null);
    document.add("padding", null);
    JsonArray special = new JsonArray();
    special.add(special(Tokenizer.END_OF_TEXT, vocabulary.size()));
    special.add(special(Tokenizer.MASK, vocabulary.size() + 1));
    document.add("added_tokens", special);
    document.add("normalizer", null);
    document.add("pre_tokenizer", byteLevel());
    document.add("post_processor", null);
    document.add("decoder", byteLevel());
    document.add("model", model(vocabulary));
    return document;
  }

  private static JsonObject special(String content, int id) {
    JsonObject token = new JsonObject();
    token.addProperty("id", id);
    token.addProperty("content", content);
    for (String option : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      token.addProperty(option, false);
    }
    token.addProperty("special", true);
    return token;
  }

  private static JsonObject byteLevel() {
    JsonObject byteLevel = new JsonObject();
    byteLevel.addProperty("type", "ByteLevel");
    byteLevel.addProperty("add_prefix_space", false);
    byteLevel.addProperty("trim_offsets", true);
    byteLevel.addProperty("use_regex", true);
    return byteLevel;
  }

  private static JsonObject model(BytePairVocabulary vocabulary) {
    List<String> spelled = vocabulary.spelled();
    JsonObject ids = new JsonObject();
    for (int id = 0; id < spelled.size(); id++) {
      ids.addProperty(spelled.get(id), id);
    }
    JsonArray merges = new JsonArray();
    for (Merge merge : vocabulary.merges()) {
      merges.add(spelled.get(merge.left()) + " " + spelled.get(merge.right()));
    }
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    model.add("dropout", null);
    model.add("unk_token", null);
    model.add("continuing_subword_prefix", null);
    model.add("end_of_word_suffix", null);
    model.addProperty("fuse_unk", false);
    model.addProperty("byte_fallback", false);
    model.addProperty("ignore_merges", false);
    model.add("vocab", ids);
    model.add("merges", merges);
    return model;
  }
}
