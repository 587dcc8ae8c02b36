package dev.unmask.lm.checkpoint;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the JSON header token by token. Nothing is allocated by what the header claims,
 * only by what it contains, and unknown or repeated fields are faults.
 */
final class SafetensorsHeader {
  /** Published limit of the format's own implementation. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int MAX_RANK = 32;

  private final Path file;
  private final long dataBytes;
  private final JsonReader json;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeader(Path file, Reader text, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
    this.json = new JsonReader(text);
    json.setStrictness(Strictness.STRICT);
  }

  /**
   * @param text the header's characters
   * @param dataBytes bytes of the file after the header
   */
  static SafetensorsHeader read(Path file, Reader text, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file, text, dataBytes);
    try {
      header.readAll();
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new SafetensorsException(file, null, "header is not valid JSON: " + e.getMessage(), e);
    }
    header.checkCoverage();
    return header;
  }

  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private void readAll() throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (name.equals("__metadata__")) {
        readMetadata();
      } else if (tensors.put(name, readTensor(name)) != null) {
        throw fault(name, "expected one entry a tensor, found two");
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw fault(null, "expected nothing after the header's object");
    }
  }

  private void readMetadata() throws IOException {
    if (!metadata.isEmpty()) {
      throw fault(null, "expected one __metadata__ entry, found two");
    }
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (json.peek() != JsonToken.STRING) {
        throw fault(null, "__metadata__ \"" + key + "\" must be a string, was " + json.peek());
      }
      metadata.put(key, json.nextString());
    }
    json.endObject();
  }

  private TensorInfo readTensor(String name) throws IOException {
    ElementType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      String field = json.nextName();
      switch (field) {
        case "dtype" -> type = readType(name);
        case "shape" -> shape = readNumbers(name, field);
        case "data_offsets" -> offsets = readNumbers(name, field);
        default -> throw fault(name, "unknown field \"" + field + "\"");
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null) {
      throw fault(name, "expected dtype, shape and data_offsets");
    }
    return checked(name, type, shape, offsets);
  }

  private ElementType readType(String name) throws IOException {
    String text = json.nextString();
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(text)) {
        return type;
      }
    }
    throw fault(name, "unknown dtype \"" + text + "\"");
  }

  private List<Long> readNumbers(String name, String field) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      String text = json.peek() == JsonToken.NUMBER ? json.nextString() : "";
      if (!text.matches("[0-9]{1,18}")) {
        throw fault(name, field + " must hold whole numbers, found \"" + text + "\"");
      }
      numbers.add(Long.parseLong(text));
      if (numbers.size() > MAX_RANK) {
        throw fault(name, field + " must have at most " + MAX_RANK + " entries");
      }
    }
    json.endArray();
    return numbers;
  }

  private TensorInfo checked(String name, ElementType type, List<Long> shape, List<Long> offsets) {
    if (offsets.size() != 2) {
      throw fault(name, "data_offsets must have 2 entries, had " + offsets.size());
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (begin > end || end > dataBytes) {
      throw fault(
          name,
          "data_offsets [%d, %d] must lie in order within the %d bytes of data"
              .formatted(begin, end, dataBytes));
    }
    long expected = byteLength(name, type, shape);
    if (end - begin != expected) {
      throw fault(
          name,
          "%s of shape %s takes %d bytes, data_offsets give %d"
              .formatted(type, shape, expected, end - begin));
    }
    return new TensorInfo(name, type, shape, begin, expected);
  }

  private long byteLength(String name, ElementType type, List<Long> shape) {
    try {
      long bytes = type.bytes();
      for (long axis : shape) {
        bytes = Math.multiplyExact(bytes, axis);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new SafetensorsException(file, name, "shape " + shape + " overflows", e);
    }
  }

  /** The format wants the data section covered exactly once: no hole, no overlap, nothing after. */
  private void checkCoverage() {
    List<TensorInfo> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(
        Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::byteLength));
    long at = 0;
    for (TensorInfo tensor : inOrder) {
      if (tensor.offset() != at) {
        String kind = tensor.offset() < at ? "overlaps the tensor before it" : "leaves a hole";
        throw fault(
            tensor.name(),
            "begins at byte %d and %s, expected %d".formatted(tensor.offset(), kind, at));
      }
      at += tensor.byteLength();
    }
    if (at != dataBytes) {
      throw fault(null, "tensors cover %d bytes of %d bytes of data".formatted(at, dataBytes));
    }
  }

  private SafetensorsException fault(@Nullable String tensor, String expectation) {
    return new SafetensorsException(file, tensor, expectation);
  }
}
