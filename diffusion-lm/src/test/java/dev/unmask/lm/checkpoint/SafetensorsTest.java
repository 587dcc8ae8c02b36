package dev.unmask.lm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.random.KeyedRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path directory;

  @Test
  void readsBackWhatItWrote() {
    Path file = directory.resolve("model.safetensors");
    new SafetensorsWriter()
        .metadata("format", "pt")
        .put("weight", new long[] {2, 3}, new float[] {1, 2, 3, -4, 5.5f, Float.MIN_VALUE})
        .put("ids", new long[] {2}, new long[] {7, -1})
        .put("empty", new long[] {0, 4}, new float[0])
        .put("scalar", new long[0], new float[] {9})
        .put(
            "flags", ElementType.U8, new long[] {3}, ByteBuffer.wrap(new byte[] {1, 0, (byte) 255}))
        .write(file);

    try (Safetensors read = Safetensors.open(file)) {
      assertThat(read.metadata()).containsExactlyEntriesOf(Map.of("format", "pt"));
      assertThat(read.tensors()).containsOnlyKeys("ids", "empty", "scalar", "weight", "flags");
      assertThat(read.floats("weight")).containsExactly(1, 2, 3, -4, 5.5f, Float.MIN_VALUE);
      assertThat(read.info("weight").shape()).containsExactly(2L, 3L);
      assertThat(read.longs("ids")).containsExactly(7, -1);
      assertThat(read.longs("flags")).containsExactly(1, 0, 255);
      assertThat(read.floats("empty")).isEmpty();
      assertThat(read.floats("scalar")).containsExactly(9);
      assertThat(read.info("weight").offset() % 4).isZero();
    }
  }

  @Test
  void writesTheSameBytesWhateverTheOrderOfTheTensors() throws IOException {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    new SafetensorsWriter()
        .put("a", new long[] {1}, new float[] {1})
        .put("b", new long[] {1}, new long[] {2})
        .write(one);
    new SafetensorsWriter()
        .put("b", new long[] {1}, new long[] {2})
        .put("a", new long[] {1}, new float[] {1})
        .write(two);

    assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(two));
  }

  @Test
  void replacesAFileInOneStepAndLeavesNothingBeside() throws IOException {
    Path file = directory.resolve("model.safetensors");
    Files.writeString(file, "old");

    new SafetensorsWriter().put("a", new long[] {1}, new float[] {1}).write(file);

    try (var entries = Files.list(directory)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void refusesBytesThatDoNotMatchTheShapeAndNamesThatAreTaken() {
    SafetensorsWriter writer = new SafetensorsWriter().put("a", new long[] {1}, new float[] {1});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("b", new long[] {3}, new float[] {1}))
        .withMessage("b: F32 of shape [3] takes 12 bytes, got 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("a", new long[] {1}, new float[] {1}))
        .withMessageContaining("taken");
  }

  @Test
  void convertsHalfPrecisionOnReading() throws IOException {
    ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    halves.putShort(0, (short) (Float.floatToRawIntBits(-2.5f) >>> 16));
    halves.putShort(2, (short) 0x3F80);
    ByteBuffer half = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    half.putShort(0, Float.floatToFloat16(0.25f));
    Path file = directory.resolve("half");
    new SafetensorsWriter()
        .put("bf16", ElementType.BF16, new long[] {2}, halves)
        .put("f16", ElementType.F16, new long[] {1}, half)
        .write(file);

    try (Safetensors read = Safetensors.open(file)) {
      assertThat(read.floats("bf16")).containsExactly(-2.5f, 1);
      assertThat(read.floats("f16")).containsExactly(0.25f);
      assertThatThrownBy(() -> read.longs("f16")).hasMessageContaining("tensor \"f16\"");
      assertThatThrownBy(() -> read.floats("missing"))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("half, tensor \"missing\": expected this tensor");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                                     | cover 0 bytes of 8 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]} }x     | not valid JSON",
        "[]                                                                     | not valid JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | tensor \"a\": expected one entry a tensor",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}       | tensor \"a\": unknown dtype \"F31\"",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}       | tensor \"a\": F32 of shape [3] takes 12 bytes, data_offsets give 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}      | tensor \"a\": data_offsets [8, 16] must lie",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}       | tensor \"a\": data_offsets [8, 0] must lie",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}      | tensor \"a\": shape must hold whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}     | tensor \"a\": shape must hold whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,2],\"data_offsets\":[0,8]}} | tensor \"a\": shape must hold",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999,99999999999],\"data_offsets\":[0,8]}} | tensor \"a\": shape [99999999999, 99999999999] overflows",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}       | tensor \"a\": begins at byte 4 and leaves a hole",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | tensor \"b\": begins at byte 4 and overlaps",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}     | tensor \"a\": data_offsets must have 2 entries",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}                              | tensor \"a\": expected dtype, shape and data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | tensor \"a\": unknown field \"x\"",
        "{\"__metadata__\":{\"k\":1}}                                           | __metadata__ \"k\" must be a string",
        "{\"a\":[[[[                                                            | not valid JSON",
      })
  void refusesADamagedHeaderNamingFileTensorAndExpectation(String header, String expectation)
      throws IOException {
    Path file = directory.resolve("damaged.safetensors");
    Files.write(file, file(header.strip(), 8));

    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining("damaged.safetensors")
        .hasMessageContaining(expectation.strip());
  }

  @Test
  void refusesALyingHeaderLengthWithoutAllocatingIt() throws IOException {
    Path file = directory.resolve("lying.safetensors");
    for (long length : List.of(-1L, 0L, 1L, 17L, 99_999_999L, 100_000_001L, Long.MAX_VALUE)) {
      ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
      Files.write(file, bytes.array());
      assertThatThrownBy(() -> Safetensors.open(file))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("header length must be in [2, 16], was");
    }
  }

  @Test
  void refusesFilesThatAreMissingEmptyOrNotText() throws IOException {
    Path file = directory.resolve("file");
    assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("there is none");
    assertThatThrownBy(() -> Safetensors.open(directory)).isInstanceOf(SafetensorsException.class);
    Files.write(file, new byte[3]);
    assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("at least 8 bytes");
    byte[] notUtf8 = file("{\"a\":1}", 0);
    notUtf8[10] = (byte) 0xC0;
    Files.write(file, notUtf8);
    assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(SafetensorsException.class);
  }

  @Test
  void survivesThousandsOfMutationsReadingWhatItAccepts() throws IOException {
    Path good = directory.resolve("good");
    new SafetensorsWriter()
        .metadata("format", "pt")
        .put("weight", new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6})
        .put("ids", new long[] {4}, new long[] {7, 1, 2, 3})
        .write(good);
    byte[] original = Files.readAllBytes(good);
    Path file = directory.resolve("mutated");
    int refused = 0;
    for (int seed = 0; seed < 4_000; seed++) {
      Files.write(file, mutated(original, KeyedRandom.of(seed)));
      try (Safetensors read = Safetensors.open(file)) {
        read.tensors().keySet().forEach(name -> assertThat(read.bytes(name)).isNotNull());
      } catch (SafetensorsException e) {
        assertThat(e).hasMessageContaining("mutated");
        refused++;
      }
    }

    assertThat(refused).isBetween(1_000, 3_999);
  }

  private static byte[] mutated(byte[] original, KeyedRandom random) {
    byte[] bytes = original.clone();
    int edits = 1 + random.nextInt(4, 0);
    for (int edit = 0; edit < edits; edit++) {
      int at = random.nextInt(bytes.length, 1, edit, 0);
      switch (random.nextInt(4, 2, edit, 0)) {
        case 0 -> bytes[at] = (byte) random.bits(3, edit, 0);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8, 4, edit, 0));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        default -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(9, 5, edit, 0));
      }
    }
    return bytes;
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
