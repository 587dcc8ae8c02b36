package dev.unmask.registry.model;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of a model version.
 *
 * @param files sorted by path
 */
public record Manifest(List<Artifact> files) {
  public Manifest {
    files = files.stream().sorted(Comparator.comparing(Artifact::path)).toList();
  }

  /**
   * The manifest of files that are about to become a version. Accepted kinds are data that is read,
   * not run: pickles and archives can carry code or escape their folder.
   *
   * @param kinds endings without the dot, or whole names; in lower case
   * @throws UnmaskException naming every file of a kind that is not accepted
   */
  static Manifest ofAccepted(List<Artifact> files, Set<String> kinds) {
    List<String> refused =
        files.stream().map(Artifact::path).filter(path -> !isOf(kinds, path)).toList();
    if (!refused.isEmpty()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "A model version holds files of the kinds "
              + String.join(", ", new TreeSet<>(kinds))
              + " only (unmask.registry.models.accepted-kinds); its source also has "
              + refused.subList(0, Math.min(10, refused.size())));
    }
    return new Manifest(files);
  }

  /**
   * {@code sha256:} and the SHA-256 over the lines {@code <sha256>}, two blanks, {@code <path>},
   * newline: what {@code sha256sum} prints for the files in this order.
   */
  public String digest() {
    StringBuilder lines = new StringBuilder();
    for (Artifact file : files) {
      lines.append(file.blob().sha256()).append("  ").append(file.path()).append('\n');
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(lines.toString().getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean isOf(Set<String> kinds, String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return kinds.contains(name) || (dot >= 0 && kinds.contains(name.substring(dot + 1)));
  }
}
