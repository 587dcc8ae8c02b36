package dev.unmask.lm.checkpoint;

import dev.unmask.lm.testing.Mutations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFuzzTest {

  private static final int FILES = 5_000;

  @TempDir Path directory;

  @Test
  void refusesDamagedFilesWithAFaultOfItsOwn() throws IOException {
    Path sound = directory.resolve("sound.safetensors");
    new SafetensorsWriter()
        .metadata("format", "pt")
        .put("model.embed_tokens.weight", new long[] {4, 8}, new float[32])
        .put("half", ElementType.BF16, new long[] {3}, ByteBuffer.allocate(6))
        .put("ids", new long[] {2}, new long[] {1, 2})
        .write(sound);

    Mutations.check(
        List.of(Files.readAllBytes(sound)),
        true,
        FILES,
        directory.resolve("damaged.safetensors"),
        SafetensorsFuzzTest::readAll,
        Set.of(SafetensorsException.class));
  }

  private static void readAll(Path file) {
    try (Safetensors tensors = Safetensors.open(file)) {
      for (TensorInfo tensor : tensors.tensors().values()) {
        if (tensor.type().isFloatingPoint()) {
          tensors.floats(tensor.name());
        } else if (tensor.type() == ElementType.I64) {
          tensors.longs(tensor.name());
        }
      }
    }
  }
}
