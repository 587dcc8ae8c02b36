package dev.unmask.lm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Damages sound files in many ways, always the same ones, and checks that reading them ends in a
 * fault of the reader's own or in success, and never takes much memory.
 */
public final class Mutations {

  private static final long SEED = 20260807;
  private static final long MOST_BYTES = 64L << 20;
  private static final byte[] BYTES = {0, 1, 7, 8, 9, 0x7F, (byte) 0x80, (byte) 0xFF};
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    255,
    1 << 16,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "99999999999999999999",
          "4294967295",
          "\"\"",
          "[]",
          "{}",
          "[[[[",
          "\"Sequence\"",
          "\"ByteLevel\"",
          "\"Replace\"",
          "\"\\uD800\"",
          "0.5",
          "\\");

  private final SplittableRandom random;

  private Mutations(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Reads damaged copies of the files, in turn.
   *
   * @param text whether words may be put in as well as bytes
   * @param reader reads the file and everything in it
   * @param faults the exceptions that say what is wrong with a file
   */
  public static void check(
      List<byte[]> sound,
      boolean text,
      int count,
      Path file,
      Consumer<Path> reader,
      Set<Class<? extends RuntimeException>> faults) {
    int refused = 0;
    for (int i = 0; i < count; i++) {
      Mutations mutations = new Mutations(SEED + i);
      write(file, mutations.damaged(sound.get(i % sound.size()), text));
      refused += refuses(i, file, reader, faults) ? 1 : 0;
    }
    assertThat(refused).as("damaged files that were refused").isBetween(count / 4, count);
  }

  private static boolean refuses(
      int number, Path file, Consumer<Path> reader, Set<Class<? extends RuntimeException>> faults) {
    long before = allocated();
    try {
      reader.accept(file);
      return false;
    } catch (RuntimeException e) {
      if (!faults.contains(e.getClass())) {
        fail("damaged file %d: not a fault of the reader's own", number, e);
      }
      return true;
    } finally {
      assertThat(allocated() - before)
          .as("bytes for damaged file %d", number)
          .isLessThan(MOST_BYTES);
    }
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] damaged(byte[] sound, boolean text) {
    byte[] bytes = sound.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      bytes = once(bytes, text);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes, boolean text) {
    // Most of what matters stands at the start of a file.
    int range = random.nextBoolean() ? Math.min(bytes.length, 256) : bytes.length;
    int at = random.nextInt(range);
    return switch (random.nextInt(text ? 9 : 7)) {
      case 0 -> flipped(bytes, at);
      case 1 -> set(bytes, at, BYTES[random.nextInt(BYTES.length)]);
      case 2 -> number(bytes, at, 4);
      case 3 -> number(bytes, at, 8);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> replaced(bytes, at, at, slice(bytes));
      case 6 -> replaced(bytes, at, Math.min(bytes.length, at + random.nextInt(32)), new byte[0]);
      default -> word(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private static byte[] set(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  private byte[] number(byte[] bytes, int at, int width) {
    byte[] number =
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(NUMBERS[random.nextInt(NUMBERS.length)])
            .array();
    System.arraycopy(number, 0, bytes, at, Math.min(width, bytes.length - at));
    return bytes;
  }

  private byte[] slice(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)));
  }

  /** Replaces a word of a JSON text, or what stands there, by another. */
  private byte[] word(byte[] bytes, int at) {
    int from = at;
    while (from > 0 && isWord(bytes[from - 1])) {
      from--;
    }
    int to = at;
    while (to < bytes.length && isWord(bytes[to])) {
      to++;
    }
    String word = WORDS.get(random.nextInt(WORDS.size()));
    return replaced(bytes, from, to, word.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isWord(byte value) {
    return Character.isLetterOrDigit(value) || value == '"' || value == '-' || value == '_';
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] result = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }
}
