package dev.unmask.inference.deployment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Digests of model files and of the list of them. */
final class Manifest {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private Manifest() {}

  /** {@code sha256:} and the SHA-256 over the lines {@code <sha256> <path>\n}, sorted by path. */
  static String digest(List<ModelFile> files) {
    String lines =
        files.stream()
            .sorted(Comparator.comparing(ModelFile::path))
            .map(file -> file.sha256() + "  " + file.path() + "\n")
            .collect(Collectors.joining());
    byte[] sum = sha256().digest(lines.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(sum);
  }

  /**
   * @throws ModelDamaged when the files are not those that the digest was made of
   */
  static void check(List<ModelFile> files, String digest) {
    for (ModelFile file : files) {
      if (!SHA_256.matcher(file.sha256()).matches()) {
        throw new ModelDamaged(file.path() + " has no SHA-256 but " + file.sha256());
      }
    }
    String actual = digest(files);
    if (!actual.equals(digest)) {
      throw new ModelDamaged("the manifest's digest is " + actual + ", registered was " + digest);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
