package dev.unmask.training.tracking;

import dev.unmask.registry.api.ModelsApi;
import dev.unmask.registry.api.ModelsApi.ModelFile;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Fetches a registered version's files, each checked against the manifest. */
@Component
public class ModelDownload {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private final ModelsApi models;
  private final RestClient files;

  ModelDownload(ModelsApi models, RestClient registryFiles) {
    this.models = models;
    this.files = registryFiles;
  }

  /**
   * @param reference {@code models:/name@alias} or {@code models:/name/3}
   * @param directory empty; files appear in it one by one
   * @throws DamagedModelException if a file is not what the manifest says
   * @throws RuntimeException of the client, for {@link RegistryFault#of}
   */
  public void fetch(String team, String reference, Path directory) {
    String plain = reference.substring("models:/".length());
    int cut = Math.max(plain.indexOf('@'), plain.indexOf('/'));
    String name = plain.substring(0, cut);
    String ref = plain.substring(plain.charAt(cut) == '@' ? cut : cut + 1);
    ModelVersionView version = models.version(team, name, ref);
    for (ModelFile file : version.files()) {
      // The manifest is data from outside: a name with a folder in it has no business here.
      if (!PLAIN_NAME.matcher(file.path()).matches()) {
        throw new DamagedModelException("file name \"" + file.path() + "\" is not acceptable");
      }
      fetch(team, version, file, directory.resolve(file.path()));
    }
  }

  private void fetch(String team, ModelVersionView version, ModelFile file, Path target) {
    String digest =
        files
            .get()
            .uri(
                ModelsApi.FILE_PATH,
                version.name(),
                Integer.toString(version.version()),
                file.path())
            .header(ModelsApi.TEAM_HEADER, team)
            .exchange(
                (request, response) -> {
                  if (response.getStatusCode().isError()) {
                    throw response.createException();
                  }
                  return save(response.getBody(), target);
                });
    if (!file.sha256().equals(digest)) {
      throw new DamagedModelException(
          "file " + file.path() + " has digest " + digest + ", the registry says " + file.sha256());
    }
  }

  private static String save(InputStream body, Path target) {
    try (DigestInputStream digested =
        new DigestInputStream(body, MessageDigest.getInstance("SHA-256"))) {
      Files.copy(digested, target);
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
