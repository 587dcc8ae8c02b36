package dev.unmask.local.importing;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.gguf.GgufException;
import dev.unmask.lm.gguf.GgufModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a model directory that become a version.
 *
 * @param family that recognises the model
 * @param files sorted by name
 */
record ModelFiles(String family, List<Path> files) {
  private static final Set<String> BESIDE =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "chat_template.jinja",
          "chat_template.json",
          "README.md");

  /**
   * The files of a Hugging Face directory.
   *
   * @throws ImportFailure if it is not a model of a known family
   */
  static ModelFiles of(Path directory) {
    if (!Files.isRegularFile(directory.resolve("config.json"))) {
      throw new ImportFailure(
          directory + " has no config.json; name a model directory or a .gguf file");
    }
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> files = all.filter(ModelFiles::belongs).sorted().toList();
      if (files.stream().noneMatch(file -> weights(name(file)))) {
        throw new ImportFailure(
            directory + " has no *.safetensors; convert its weights to safetensors first");
      }
      return new ModelFiles(Families.of(ModelDirectory.at(directory).config()).name(), files);
    } catch (IOException e) {
      throw new ImportFailure("cannot read " + directory + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException unknown) {
      throw new ImportFailure(directory + ": " + unknown.getMessage(), unknown);
    }
  }

  /**
   * Writes a GGUF file out as a model directory and takes its files.
   *
   * @param scratch a new folder
   */
  static ModelFiles ofGguf(Path file, Path scratch) {
    try (GgufModel model = GgufModel.open(file)) {
      model.exportTo(scratch);
    } catch (GgufException damaged) {
      throw new ImportFailure(file + ": " + damaged.getMessage(), damaged);
    }
    return of(scratch);
  }

  /** As the registry counts it: {@code sha256:} over the lines of digests and names. */
  String digest() {
    StringBuilder lines = new StringBuilder();
    for (Path file : files) {
      lines.append(sha256(file)).append("  ").append(name(file)).append('\n');
    }
    byte[] hash = sha256().digest(lines.toString().getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static boolean belongs(Path file) {
    return Files.isRegularFile(file) && (BESIDE.contains(name(file)) || weights(name(file)));
  }

  private static boolean weights(String name) {
    return name.equals(ModelDirectory.WEIGHTS)
        || name.equals(ModelDirectory.INDEX)
        || name.matches("model-\\d+-of-\\d+\\.safetensors");
  }

  private static String sha256(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new ImportFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
