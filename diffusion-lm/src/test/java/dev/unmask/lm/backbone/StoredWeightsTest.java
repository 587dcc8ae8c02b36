package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.unmask.lm.checkpoint.ElementType;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TensorInfo;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.random.KeyedRandom;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredWeightsTest {
  private static final BackboneConfig CONFIG = BackboneConfig.llama(31, 2, 16, 2, 24, 32, 4);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "BF16"})
  void areTheSameFromMappedBytesAsByWayOfArraysAndOutliveTheFile(ElementType type) {
    Path file = directory.resolve("model.safetensors");
    write(CONFIG, type, file);

    Weights mapped;
    Weights copied;
    try (Safetensors tensors = Safetensors.open(file)) {
      mapped = Weights.read(CONFIG, tensors);
      copied = Weights.read(CONFIG, new NotInMemory(tensors));
    }

    try (mapped;
        copied) {
      Map<String, float[]> values = mapped.underStoredNames(tensor -> tensor.toFloatArray());
      assertThat(values)
          .usingRecursiveComparison()
          .isEqualTo(copied.underStoredNames(tensor -> tensor.toFloatArray()));
      assertThat(values.get("model.norm.weight")).containsOnly(1);
      assertThat(values.get("model.embed_tokens.weight")).doesNotContain(0);
    }
  }

  @Test
  void takeNoMoreOfTheHeapThanTheirNames() throws Exception {
    BackboneConfig config = BackboneConfig.llama(4_001, 4, 512, 8, 1_408, 32, 4);
    Path file = directory.resolve("model.safetensors");
    write(config, ElementType.F32, file);
    try (Safetensors tensors = Safetensors.open(file)) {
      Weights.read(config, tensors).close(); // classes are loaded once

      long before = allocated();
      Weights.read(config, tensors).close();

      assertThat(allocated() - before).isLessThan(Files.size(file) / 20);
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static void write(BackboneConfig config, ElementType type, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    KeyedRandom random = KeyedRandom.of(5);
    for (Parameter parameter : WeightLayout.of(config).slots()) {
      for (Parameter.Piece piece : parameter.pieces()) {
        int elements = (int) piece.elements();
        ByteBuffer bytes =
            ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
          boolean gain = parameter.role() == Parameter.Role.GAIN;
          put(bytes, type, gain ? 1 : random.split(piece.name()).gaussian(i));
        }
        writer.put(piece.name(), type, piece.dimensions(), bytes.flip());
      }
    }
    writer.write(file);
  }

  private static void put(ByteBuffer bytes, ElementType type, double value) {
    switch (type) {
      case F64 -> bytes.putDouble(value);
      case F32 -> bytes.putFloat((float) value);
      case F16 -> bytes.putShort(Float.floatToFloat16((float) value));
      case BF16 -> bytes.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
      case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
          throw new IllegalArgumentException(type.name());
    }
  }

  /** A checkpoint that hands out arrays only. */
  private record NotInMemory(Safetensors checkpoint) implements TensorSource {
    @Override
    public Path file() {
      return checkpoint.file();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
      return checkpoint.tensors();
    }

    @Override
    public TensorInfo info(String name) {
      return checkpoint.info(name);
    }

    @Override
    public float[] floats(String name) {
      return checkpoint.floats(name);
    }

    @Override
    public void close() {
      checkpoint.close();
    }
  }
}
