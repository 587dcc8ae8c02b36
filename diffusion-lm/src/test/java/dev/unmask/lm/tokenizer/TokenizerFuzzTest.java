package dev.unmask.lm.tokenizer;

import dev.unmask.lm.testing.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFuzzTest {

  private static final int FILES = 4_000;

  private static final String SENTENCE_PIECE =
      """
      {"added_tokens": [
         {"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true}],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "Prepend", "prepend": "▁"},
         {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
       "pre_tokenizer": null,
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A"}}]},
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"},
         {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
       "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
         "vocab": {"<unk>": 0, "<s>": 1, "<0x41>": 2, "▁": 3, "a": 4, "b": 5, "ab": 6, "▁ab": 7},
         "merges": [["a", "b"], ["▁", "ab"]]}}
      """;

  @TempDir Path directory;

  @Test
  void refusesDamagedFilesWithAFaultOfItsOwn() throws IOException {
    BytePairTrainer.train(List.of("abab abab"), 259).save(directory);
    byte[] own = Files.readAllBytes(directory.resolve("tokenizer.json"));
    byte[] byteLevel = PublishedTokenizerTest.DOCUMENT.getBytes(StandardCharsets.UTF_8);

    Mutations.check(
        List.of(byteLevel, SENTENCE_PIECE.getBytes(StandardCharsets.UTF_8), byteLevel, own),
        true,
        FILES,
        directory.resolve("tokenizer.json"),
        file -> use(Tokenizers.load(directory)),
        Set.of(InvalidTokenizerException.class));
  }

  /** Whatever was accepted must work. */
  private static void use(Tokenizer tokenizer) {
    for (String text : List.of("", "ab ab", " \n\tA<s>é 漢字 😀", "<|end|>a<think>", "1234 5")) {
      tokenizer.encode(text);
      tokenizer.decode(tokenizer.encodeWithSpecialTokens(text));
    }
    int ids = Math.min(64, tokenizer.vocabularySize());
    tokenizer.decodeWithSpecialTokens(IntStream.range(0, ids).toArray());
  }
}
