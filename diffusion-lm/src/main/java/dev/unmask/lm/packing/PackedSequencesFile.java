package dev.unmask.lm.packing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Little endian: the magic number (8 bytes), length, end-of-text id and count (4 bytes each), the
 * CRC-32C (4 bytes) of those three and the rows, then the rows of ids (4 bytes each). With another
 * magic number two more numbers before the ids of a row say where its answer begins and ends.
 */
final class PackedSequencesFile {

  private static final ValueLayout.OfInt ID =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long MAGIC = 0x314B434150_4B4D55L; // "UMKPACK1"
  private static final long ANSWERS = 0x324B434150_4B4D55L; // "UMKPACK2"
  private static final int HEADER = 24;

  private PackedSequencesFile() {}

  static void save(PackedSequences sequences, Path file) {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.resolveSibling("");
    try {
      Files.createDirectories(directory);
      Path unfinished = Files.createTempFile(directory, absolute.getFileName() + "", ".part");
      try {
        write(sequences, unfinished);
        Files.move(
            unfinished,
            absolute,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static void write(PackedSequences sequences, Path file) throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(shape(sequences.length(), sequences.endOfText(), sequences.count()));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.position(HEADER);
      for (int index = 0; index < sequences.count(); index++) {
        int[] stored = sequences.stored(index);
        ByteBuffer row = littleEndian(stored.length * Integer.BYTES);
        row.asIntBuffer().put(stored);
        sum.update(row.duplicate());
        writeFully(channel, row);
      }
      ByteBuffer header = littleEndian(HEADER).putLong(sequences.hasAnswers() ? ANSWERS : MAGIC);
      header.put(shape(sequences.length(), sequences.endOfText(), sequences.count()));
      channel.position(0);
      writeFully(channel, header.putInt((int) sum.getValue()).flip());
      channel.force(true);
    }
  }

  static PackedSequences load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidPackedSequencesException(file, "the file is missing");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      expect(size >= HEADER, file, "must have a header of 24 bytes, has %d bytes", size);
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
      ByteBuffer header = all.asSlice(0, HEADER).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      long magic = header.getLong();
      boolean answers = magic == ANSWERS;
      expect(answers || magic == MAGIC, file, "must begin with UMKPACK1 or UMKPACK2");
      int length = header.getInt();
      int endOfText = header.getInt();
      int count = header.getInt();
      expect(
          length > 0
              && count > 0
              && (size - HEADER) % Integer.BYTES == 0
              && (size - HEADER) / Integer.BYTES == (long) count * stride(length, answers),
          file,
          "must hold %d rows of %d ids, has %d bytes of them",
          count,
          length,
          size - HEADER);
      MemorySegment ids = all.asSlice(HEADER);
      expect(
          header.getInt() == sum(shape(length, endOfText, count), ids),
          file,
          "must match its checksum: it is damaged, make it again");
      return new PackedSequences(ids, ID, length, endOfText, answers);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static int stride(int length, boolean answers) {
    return length + (answers ? PackedSequences.SPAN : 0);
  }

  private static int sum(ByteBuffer shape, MemorySegment ids) {
    CRC32C sum = new CRC32C();
    sum.update(shape);
    long step = 1 << 24;
    for (long at = 0; at < ids.byteSize(); at += step) {
      sum.update(ids.asSlice(at, Math.min(step, ids.byteSize() - at)).asByteBuffer());
    }
    return (int) sum.getValue();
  }

  private static ByteBuffer shape(int length, int endOfText, int count) {
    return littleEndian(12).putInt(length).putInt(endOfText).putInt(count).flip();
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void expect(boolean holds, Path file, String expectation, Object... values) {
    if (!holds) {
      throw new InvalidPackedSequencesException(file, expectation.formatted(values));
    }
  }
}
