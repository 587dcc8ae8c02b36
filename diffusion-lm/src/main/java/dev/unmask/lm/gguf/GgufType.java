package dev.unmask.lm.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Number type of a tensor. The quantised ones hold blocks of 32 weights with a scale in float16,
 * {@code Q4_1} with an offset too.
 */
enum GgufType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q8_0(8, 32, 34),
  BF16(30, 1, 2);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int code;
  private final int blockElements;
  private final int blockBytes;

  GgufType(int code, int blockElements, int blockBytes) {
    this.code = code;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  static Optional<GgufType> of(long code) {
    for (GgufType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Weights that are stored together; a row has whole blocks. */
  int blockElements() {
    return blockElements;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The weights as float32. */
  float[] floats(MemorySegment data, int elements) {
    float[] values = new float[elements];
    for (int block = 0; block < elements / blockElements; block++) {
      long at = (long) block * blockBytes;
      int first = block * blockElements;
      switch (this) {
        case F32 -> values[first] = data.get(FLOAT, at);
        case F16 -> values[first] = half(data, at);
        case BF16 -> values[first] = Float.intBitsToFloat(data.get(SHORT, at) << 16);
        case Q8_0 -> eightBits(data, at, values, first);
        case Q4_0 -> fourBits(data, at + 2, half(data, at), -8 * half(data, at), values, first);
        case Q4_1 -> fourBits(data, at + 4, half(data, at), half(data, at + 2), values, first);
      }
    }
    return values;
  }

  private static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(SHORT, at));
  }

  private static void eightBits(MemorySegment data, long at, float[] values, int first) {
    float scale = half(data, at);
    for (int i = 0; i < 32; i++) {
      values[first + i] = scale * data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
    }
  }

  /** The low halves of the 16 bytes are the first 16 weights, the high halves the others. */
  private static void fourBits(
      MemorySegment data, long at, float scale, float offset, float[] values, int first) {
    for (int i = 0; i < 16; i++) {
      int pair = data.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
      values[first + i] = scale * (pair & 0xF) + offset;
      values[first + 16 + i] = scale * (pair >> 4) + offset;
    }
  }
}
