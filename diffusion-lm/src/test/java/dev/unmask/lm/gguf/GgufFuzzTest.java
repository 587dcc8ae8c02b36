package dev.unmask.lm.gguf;

import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.family.ar.ArConfig;
import dev.unmask.lm.testing.Mutations;
import dev.unmask.lm.tokenizer.InvalidTokenizerException;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFuzzTest {

  private static final int FILES = 4_000;

  @TempDir Path directory;

  @Test
  void refusesDamagedFilesWithAFaultOfItsOwn() {
    Mutations.check(
        List.of(GgufBytes.tinyLlama().toBytes()),
        false,
        FILES,
        directory.resolve("damaged.gguf"),
        GgufFuzzTest::readAll,
        Set.of(
            GgufException.class, InvalidTokenizerException.class, IllegalArgumentException.class));
  }

  private static void readAll(Path file) {
    try (GgufModel model = GgufModel.open(file)) {
      ArConfig.read(model.config());
      TensorSource tensors = model.tensors();
      tensors.tensors().keySet().forEach(tensors::floats);
      Tokenizer tokenizer = model.tokenizer();
      tokenizer.decode(tokenizer.encode("ab ab"));
    }
  }
}
