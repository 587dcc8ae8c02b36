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

/**
 * The files of a model version.
 *
 * @param files sorted by path
 */
public record Manifest(List<Artifact> files) {
  /** Data that is read, not run: pickles and archives can carry code or escape their folder. */
  private static final Set<String> ALLOWED = Set.of("safetensors", "json", "txt", "md", "jinja");

  public Manifest {
    files = files.stream().sorted(Comparator.comparing(Artifact::path)).toList();
  }

  /**
   * The manifest of files that are about to become a version.
   *
   * @throws UnmaskException naming every file of a kind that is not accepted
   */
  static Manifest ofAccepted(List<Artifact> files) {
    List<String> refused =
        files.stream().map(Artifact::path).filter(path -> !ALLOWED.contains(kind(path))).toList();
    if (!refused.isEmpty()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "A model version holds *.safetensors, *.json, *.txt, *.md and *.jinja files only; its source also"
              + " has "
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

  private static String kind(String path) {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
