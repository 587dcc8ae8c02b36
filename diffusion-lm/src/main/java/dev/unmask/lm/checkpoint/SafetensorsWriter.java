package dev.unmask.lm.checkpoint;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Collects tensors and writes them as one safetensors file. The same tensors give the same bytes:
 * wide types come first (so that every tensor is aligned), then names in order. The file appears
 * under its name only when it is complete and on disk.
 */
public final class SafetensorsWriter {
  private record Payload(ElementType type, long[] shape, ByteBuffer bytes) {}

  private final Map<String, Payload> tensors = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  /** Adds a free text entry to the header. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param bytes its elements row-major, little-endian, from position to limit; not copied, so it
   *     must stay unchanged until {@link #write}
   * @throws IllegalArgumentException if the name is taken or the bytes do not match the shape
   */
  public SafetensorsWriter put(String name, ElementType type, long[] shape, ByteBuffer bytes) {
    long expected = type.bytes();
    for (long axis : shape) {
      if (axis < 0) {
        throw new IllegalArgumentException(name + ": shape must not be negative, was " + axis);
      }
      expected = Math.multiplyExact(expected, axis);
    }
    if (bytes.remaining() != expected) {
      throw new IllegalArgumentException(
          "%s: %s of shape %s takes %d bytes, got %d"
              .formatted(name, type, Arrays.toString(shape), expected, bytes.remaining()));
    }
    if (name.equals("__metadata__")
        || tensors.putIfAbsent(name, new Payload(type, shape.clone(), bytes.slice())) != null) {
      throw new IllegalArgumentException("tensor name " + name + " is taken");
    }
    return this;
  }

  /** Adds a float32 tensor. */
  public SafetensorsWriter put(String name, long[] shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return put(name, ElementType.F32, shape, bytes);
  }

  /** Adds an int64 tensor. */
  public SafetensorsWriter put(String name, long[] shape, long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return put(name, ElementType.I64, shape, bytes);
  }

  /**
   * Writes beside the target, forces it to disk, then renames it over the target in one atomic step
   * and forces the directory, so that a crash leaves the old file or the new one.
   *
   * @throws UncheckedIOException if the file cannot be written; the target is then unchanged
   */
  public void write(Path file) {
    Path target = file.toAbsolutePath();
    Path directory = Objects.requireNonNull(target.getParent(), "file has no directory");
    try {
      Path temporary = Files.createTempFile(directory, "." + target.getFileName(), ".tmp");
      try {
        writeAll(temporary);
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
      try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
        entry.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private void writeAll(Path temporary) throws IOException {
    List<Map.Entry<String, Payload>> ordered = new ArrayList<>(tensors.entrySet());
    ordered.sort(Comparator.comparingInt(entry -> -entry.getValue().type().bytes())); // stable
    byte[] header = header(ordered);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      length.putLong(0, header.length);
      writeFully(channel, length);
      writeFully(channel, ByteBuffer.wrap(header));
      for (Map.Entry<String, Payload> tensor : ordered) {
        writeFully(channel, tensor.getValue().bytes().duplicate());
      }
      channel.force(true);
    }
  }

  private byte[] header(List<Map.Entry<String, Payload>> ordered) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name("__metadata__").beginObject();
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
      }
      long at = 0;
      for (Map.Entry<String, Payload> tensor : ordered) {
        at = describe(json, tensor.getKey(), tensor.getValue(), at);
      }
      json.endObject();
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] aligned = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    Arrays.fill(aligned, bytes.length, aligned.length, (byte) ' ');
    return aligned;
  }

  private static long describe(JsonWriter json, String name, Payload tensor, long begin)
      throws IOException {
    long end = begin + tensor.bytes().remaining();
    json.name(name).beginObject().name("dtype").value(tensor.type().name());
    json.name("shape").beginArray();
    for (long axis : tensor.shape()) {
      json.value(axis);
    }
    json.endArray().name("data_offsets").beginArray().value(begin).value(end).endArray();
    json.endObject();
    return end;
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
