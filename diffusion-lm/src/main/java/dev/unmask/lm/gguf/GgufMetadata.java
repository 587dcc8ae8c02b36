package dev.unmask.lm.gguf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys and values at the head of a file, and typed access to them. */
final class GgufMetadata {

  private static final int MOST_KEYS = 1 << 16;
  private static final int MOST_ELEMENTS = 1 << 22;

  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private final Path file;
  private final Map<String, GgufValue> values = new LinkedHashMap<>();

  private GgufMetadata(Path file) {
    this.file = file;
  }

  /** Reads {@code count} keys and values. */
  static GgufMetadata read(Path file, GgufCursor cursor, int count) {
    GgufMetadata metadata = new GgufMetadata(file);
    for (int i = 0; i < count; i++) {
      String key = cursor.text("a metadata key");
      GgufValue value = metadata.value(cursor, key, cursor.uint32("the type of " + key));
      if (metadata.values.put(key, value) != null) {
        throw metadata.fault(key, "must be there once");
      }
    }
    return metadata;
  }

  static int mostKeys() {
    return MOST_KEYS;
  }

  private GgufValue value(GgufCursor cursor, String key, long type) {
    return switch ((int) type) {
      case 0, 1, 2, 3, 4, 5, 10, 11 -> new GgufValue.Whole(whole(cursor, key, (int) type));
      case 6 -> new GgufValue.Real(cursor.real32(key));
      case BOOL -> new GgufValue.Truth(cursor.uint8(key) != 0);
      case STRING -> new GgufValue.Text(cursor.text(key));
      case ARRAY -> array(cursor, key, cursor.uint32("the element type of " + key));
      case 12 -> new GgufValue.Real(cursor.real64(key));
      default -> throw fault(key, "has an unknown type " + type);
    };
  }

  private static long whole(GgufCursor cursor, String key, int type) {
    return switch (type) {
      case 0, BOOL -> cursor.uint8(key);
      case 1 -> (byte) cursor.uint8(key);
      case 2 -> cursor.uint16(key);
      case 3 -> (short) cursor.uint16(key);
      case 4 -> cursor.uint32(key);
      case 5 -> (int) cursor.uint32(key);
      default -> cursor.int64(key);
    };
  }

  private GgufValue array(GgufCursor cursor, String key, long elementType) {
    int type = (int) elementType;
    return switch (type) {
      case STRING -> texts(cursor, key);
      case 6, 12 -> reals(cursor, key, type);
      case 0, 1, 2, 3, 4, 5, BOOL, 10, 11 -> wholes(cursor, key, type);
      default -> throw fault(key, "must not be an array of type " + elementType);
    };
  }

  private static GgufValue texts(GgufCursor cursor, String key) {
    int count = cursor.count("the elements of " + key, Long.BYTES, MOST_ELEMENTS);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(cursor.text(key));
    }
    return new GgufValue.Texts(texts);
  }

  private static GgufValue reals(GgufCursor cursor, String key, int type) {
    int count = cursor.count("the elements of " + key, type == 6 ? 4 : 8, MOST_ELEMENTS);
    List<Double> reals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      reals.add(type == 6 ? cursor.real32(key) : cursor.real64(key));
    }
    return new GgufValue.Reals(reals);
  }

  private static GgufValue wholes(GgufCursor cursor, String key, int type) {
    int bytes =
        switch (type) {
          case 0, 1, BOOL -> 1;
          case 2, 3 -> 2;
          case 4, 5 -> 4;
          default -> 8;
        };
    int count = cursor.count("the elements of " + key, bytes, MOST_ELEMENTS);
    List<Long> wholes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      wholes.add(whole(cursor, key, type));
    }
    return new GgufValue.Wholes(wholes);
  }

  /** A whole number of zero or more that fits an int. */
  Optional<Integer> integer(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Whole(long value) when value >= 0 && value <= Integer.MAX_VALUE ->
          Optional.of((int) value);
      case GgufValue other -> throw fault(key, "must be a whole number below 2^31");
    };
  }

  int requiredInteger(String key) {
    return integer(key).orElseThrow(() -> fault(key, "is missing"));
  }

  Optional<Double> real(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Real(double value) -> Optional.of(value);
      case GgufValue other -> throw fault(key, "must be a number");
    };
  }

  Optional<String> text(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String value) -> Optional.of(value);
      case GgufValue other -> throw fault(key, "must be a string");
    };
  }

  String requiredText(String key) {
    return text(key).orElseThrow(() -> fault(key, "is missing"));
  }

  boolean flag(String key) {
    return values.get(key) instanceof GgufValue.Truth(boolean value) && value;
  }

  List<String> texts(String key) {
    return switch (values.get(key)) {
      case GgufValue.Texts(List<String> texts) -> texts;
      case null, default -> throw fault(key, "must be an array of strings");
    };
  }

  /** The whole numbers of an array, null where it is missing. */
  @Nullable List<Long> wholes(String key) {
    return switch (values.get(key)) {
      case null -> null;
      case GgufValue.Wholes(List<Long> wholes) -> wholes;
      case GgufValue other -> throw fault(key, "must be an array of whole numbers");
    };
  }

  GgufException fault(String key, String expectation) {
    return new GgufException(file, key + " " + expectation);
  }
}
