package dev.unmask.lm.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive around readable kernel source.
 *
 * <p>The archive is an uncompressed zip of four entries: a pickle of one object without attributes,
 * the source of its class, an empty tuple of constants and the format version. PyTorch compiles the
 * source when it loads the archive.
 */
final class TorchArchive {
  private static final byte[] PICKLE_PROTOCOL_2 = {(byte) 0x80, 2};
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  /** Since version 10 of the format, {@code gelu} takes its approximation. */
  private static final String FORMAT_VERSION = "10\n";

  private TorchArchive() {}

  /**
   * @param className the class that {@code source} defines
   * @param source TorchScript in its serialised dialect
   */
  static byte[] of(String className, String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "kernels/data.pkl", pickledObject(className));
      store(zip, "kernels/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "kernels/constants.pkl", EMPTY_TUPLE);
      store(zip, "kernels/version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Pickle of {@code __torch__.CLASS()} with the one attribute {@code training = False}. */
  private static byte[] pickledObject(String className) throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(PICKLE_PROTOCOL_2);
    pickle.write(("c__torch__\n" + className + "\n").getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {')', (byte) 0x81, '}', '('}); // no arguments, NEWOBJ, dict, mark
    pickle.write(new byte[] {'X', 8, 0, 0, 0}); // a string of 8 bytes
    pickle.write("training".getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // False, set item, build, stop
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
