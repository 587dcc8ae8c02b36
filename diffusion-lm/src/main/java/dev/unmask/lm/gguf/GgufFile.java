package dev.unmask.lm.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file of version 2 or 3, mapped into memory. Lengths, types, offsets and overlaps are
 * checked on opening, before anything is allocated by what the file claims.
 */
final class GgufFile implements AutoCloseable {

  private static final long MAGIC = 0x46554747; // "GGUF"
  private static final int MOST_TENSORS = 1 << 16;
  private static final int MOST_AXES = 4;
  private static final int LARGEST_ALIGNMENT = 1 << 16;

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final GgufMetadata metadata;
  private final Map<String, GgufTensor> tensors;

  private GgufFile(
      Path file,
      Arena arena,
      MemorySegment data,
      GgufMetadata metadata,
      Map<String, GgufTensor> tensors) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * @throws GgufException if the file is missing, damaged or of an unknown version
   */
  @SuppressWarnings("MustBeClosedChecker") // closed here on a fault, by close() otherwise
  static GgufFile open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return read(file, arena, mapped(file, arena));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment mapped(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new GgufException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static GgufFile read(Path file, Arena arena, MemorySegment whole) {
    GgufCursor cursor = new GgufCursor(file, whole);
    long magic = cursor.uint32("the magic number");
    if (magic != MAGIC) {
      throw new GgufException(file, "must begin with GGUF");
    }
    long version = cursor.uint32("the version");
    if (version != 2 && version != 3) {
      throw new GgufException(file, "version must be 2 or 3, little-endian, was " + version);
    }
    int tensorCount = cursor.count("the number of tensors", 1, MOST_TENSORS);
    int keys = cursor.count("the number of metadata keys", 12, GgufMetadata.mostKeys());
    GgufMetadata metadata = GgufMetadata.read(file, cursor, keys);
    Map<String, GgufTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < tensorCount; i++) {
      GgufTensor tensor = tensor(file, cursor);
      if (tensors.put(tensor.name(), tensor) != null) {
        throw new GgufException(file, "tensor " + tensor.name() + " is there twice");
      }
    }
    MemorySegment data = data(file, whole, cursor.position(), metadata);
    checkPlaces(file, tensors, data.byteSize(), alignment(metadata));
    return new GgufFile(file, arena, data, metadata, tensors);
  }

  private static GgufTensor tensor(Path file, GgufCursor cursor) {
    String name = cursor.text("a tensor name");
    long axes = cursor.uint32("the axes of " + name);
    if (axes < 1 || axes > MOST_AXES) {
      throw new GgufException(file, "%s must have 1 to 4 axes, had %d".formatted(name, axes));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      shape.addFirst(cursor.int64("the shape of " + name));
    }
    long code = cursor.uint32("the type of " + name);
    GgufType type =
        GgufType.of(code)
            .orElseThrow(
                () ->
                    new GgufException(
                        file,
                        "%s is of type %d; F32, F16, BF16, Q8_0, Q4_0 and Q4_1 are supported"
                            .formatted(name, code)));
    long offset = cursor.int64("the offset of " + name);
    return new GgufTensor(name, type, shape, offset, bytes(file, name, type, shape));
  }

  private static long bytes(Path file, String name, GgufType type, List<Long> shape) {
    long rows = 1;
    try {
      for (long axis : shape) {
        if (axis < 1) {
          throw new GgufException(file, name + " has the shape " + shape);
        }
        rows = Math.multiplyExact(rows, axis);
      }
      if (shape.getLast() % type.blockElements() != 0 || rows > Integer.MAX_VALUE) {
        throw new GgufException(
            file,
            "%s of shape %s must have rows of whole blocks and fewer than 2^31 weights"
                .formatted(name, shape));
      }
      return Math.multiplyExact(rows / type.blockElements(), type.blockBytes());
    } catch (ArithmeticException e) {
      throw new GgufException(file, "%s: shape %s overflows".formatted(name, shape), e);
    }
  }

  private static int alignment(GgufMetadata metadata) {
    int alignment = metadata.integer("general.alignment").orElse(32);
    if (Integer.bitCount(alignment) != 1 || alignment > LARGEST_ALIGNMENT) {
      throw metadata.fault(
          "general.alignment", "must be a power of two up to %d".formatted(LARGEST_ALIGNMENT));
    }
    return alignment;
  }

  private static MemorySegment data(
      Path file, MemorySegment whole, long headEnd, GgufMetadata metadata) {
    long alignment = alignment(metadata);
    long start = (headEnd + alignment - 1) / alignment * alignment;
    if (start > whole.byteSize()) {
      throw new GgufException(file, "ends within its header");
    }
    return whole.asSlice(start);
  }

  /** Every tensor lies within the data, at a multiple of the alignment, and none in another. */
  private static void checkPlaces(
      Path file, Map<String, GgufTensor> tensors, long dataBytes, int alignment) {
    List<GgufTensor> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(Comparator.comparingLong(GgufTensor::offset));
    long end = 0;
    for (GgufTensor tensor : inOrder) {
      boolean inside = tensor.offset() >= 0 && tensor.bytes() <= dataBytes - tensor.offset();
      if (!inside || tensor.offset() % alignment != 0 || tensor.offset() < end) {
        throw new GgufException(
            file,
            "%s takes %d bytes from %d of %d, expected a place of its own at a multiple of %d"
                .formatted(tensor.name(), tensor.bytes(), tensor.offset(), dataBytes, alignment));
      }
      end = tensor.offset() + tensor.bytes();
    }
  }

  Path file() {
    return file;
  }

  GgufMetadata metadata() {
    return metadata;
  }

  /** All tensors by name, in the order of the file. */
  Map<String, GgufTensor> tensors() {
    return tensors;
  }

  /** A copy of a tensor as float32, row-major, rows in the order of the file. */
  float[] floats(GgufTensor tensor) {
    return tensor.type().floats(data.asSlice(tensor.offset(), tensor.bytes()), tensor.elements());
  }

  @Override
  public void close() {
    arena.close();
  }
}
