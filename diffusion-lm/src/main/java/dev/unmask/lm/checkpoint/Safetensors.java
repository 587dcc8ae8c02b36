package dev.unmask.lm.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * A safetensors file, mapped into memory and fully checked on opening: header length, JSON, dtypes,
 * shapes against offsets, no overlap, no hole. Memory is allocated by what the file holds, never by
 * what its header claims.
 *
 * <p>Safe for use by several threads until it is closed; buffers handed out end with it.
 */
public final class Safetensors implements TensorSource {
  private static final ValueLayout.OfLong HEADER_LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final Map<String, TensorInfo> tensors;
  private final Map<String, String> metadata;

  private Safetensors(Path file, Arena arena, MemorySegment data, SafetensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.tensors = Collections.unmodifiableMap(header.tensors());
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Maps and checks a file.
   *
   * @throws SafetensorsException if it is missing, unreadable or damaged in any way
   */
  @SuppressWarnings("MustBeClosedChecker") // closed here on a fault, by close() otherwise
  public static Safetensors open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return map(file, arena);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Safetensors map(Path file, Arena arena) {
    MemorySegment whole = mapped(file, arena);
    long size = whole.byteSize();
    if (size < Long.BYTES) {
      throw new SafetensorsException(file, null, "expected at least 8 bytes, found " + size);
    }
    long length = whole.get(HEADER_LENGTH, 0);
    if (length < 2 || length > SafetensorsHeader.MAX_HEADER_BYTES || length > size - Long.BYTES) {
      throw new SafetensorsException(
          file,
          null,
          "header length must be in [2, %d], was %s"
              .formatted(
                  Math.min(SafetensorsHeader.MAX_HEADER_BYTES, size - Long.BYTES),
                  Long.toUnsignedString(length)));
    }
    MemorySegment text = whole.asSlice(Long.BYTES, length);
    MemorySegment data = whole.asSlice(Long.BYTES + length);
    return new Safetensors(
        file, arena, data, SafetensorsHeader.read(file, reader(text), data.byteSize()));
  }

  private static MemorySegment mapped(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException e) {
      throw new SafetensorsException(file, null, "expected a file, there is none", e);
    } catch (IOException e) {
      throw new SafetensorsException(file, null, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static Reader reader(MemorySegment text) {
    InputStream bytes = new ByteArrayInputStream(text.toArray(ValueLayout.JAVA_BYTE));
    return new InputStreamReader(
        bytes, StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
  }

  /** The file this was opened from. */
  @Override
  public Path file() {
    return file;
  }

  /** All tensors by name, in the header's order. */
  @Override
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /** The header's free text entries. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * What the header says about a tensor.
   *
   * @throws SafetensorsException if there is no such tensor
   */
  @Override
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new SafetensorsException(file, name, "expected this tensor, the file has none");
    }
    return info;
  }

  /**
   * The tensor's bytes, little-endian, read-only, not copied, valid until {@link #close}.
   *
   * @throws SafetensorsException if there is no such tensor or it exceeds 2 GiB
   */
  public ByteBuffer bytes(String name) {
    TensorInfo info = info(name);
    if (info.byteLength() > Integer.MAX_VALUE) {
      throw new SafetensorsException(file, name, "a view holds at most 2 GiB");
    }
    return data.asSlice(info.offset(), info.byteLength())
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** That of every tensor of at most 2 GiB. */
  @Override
  public Optional<ByteBuffer> inMemory(String name) {
    return info(name).byteLength() > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(bytes(name));
  }

  /** A copy of a floating point tensor (F64, F32, F16, BF16) as float32, row-major. */
  @Override
  public float[] floats(String name) {
    TensorInfo info = info(name);
    ByteBuffer bytes = bytes(name);
    float[] values = new float[Math.toIntExact(info.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (info.type()) {
            case F64 -> (float) bytes.getDouble(i * 8);
            case F32 -> bytes.getFloat(i * 4);
            case F16 -> Float.float16ToFloat(bytes.getShort(i * 2));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(i * 2) << 16);
            case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw wrongType(info, "a floating point type");
          };
    }
    return values;
  }

  /** A copy of a floating point tensor (F64, F32, F16, BF16) as float64, row-major. */
  public double[] doubles(String name) {
    TensorInfo info = info(name);
    if (info.type() == ElementType.F64) {
      double[] values = new double[Math.toIntExact(info.elements())];
      bytes(name).asDoubleBuffer().get(values);
      return values;
    }
    float[] narrow = floats(name);
    double[] values = new double[narrow.length];
    Arrays.setAll(values, i -> narrow[i]);
    return values;
  }

  /** A copy of a tensor of whole numbers (I64 to I8, U32 to U8, BOOL), row-major. */
  public long[] longs(String name) {
    TensorInfo info = info(name);
    ByteBuffer bytes = bytes(name);
    long[] values = new long[Math.toIntExact(info.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (info.type()) {
            case I64 -> bytes.getLong(i * 8);
            case I32 -> bytes.getInt(i * 4);
            case I16 -> bytes.getShort(i * 2);
            case I8 -> bytes.get(i);
            case U32 -> Integer.toUnsignedLong(bytes.getInt(i * 4));
            case U16 -> Short.toUnsignedLong(bytes.getShort(i * 2));
            case U8, BOOL -> Byte.toUnsignedLong(bytes.get(i));
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2, U64 ->
                throw wrongType(info, "a type of whole numbers that fit int64");
          };
    }
    return values;
  }

  private SafetensorsException wrongType(TensorInfo info, String expected) {
    return new SafetensorsException(
        file, info.name(), "expected " + expected + ", was " + info.type());
  }

  @Override
  public void close() {
    arena.close();
  }
}
