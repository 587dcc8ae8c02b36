package dev.unmask.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The server's password: random, made once, in a file that only the user can read. */
record DatabasePassword(Path file, String value) {
  private static final int BYTES = 24;

  static DatabasePassword of(Path home) throws IOException {
    Path file = home.resolve("password");
    if (Files.notExists(file)) {
      create(file);
    }
    return new DatabasePassword(file, Files.readString(file).strip());
  }

  private static void create(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    var onlyOwner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(file, onlyOwner);
    Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  @Override
  public String toString() {
    return "password in " + file;
  }
}
