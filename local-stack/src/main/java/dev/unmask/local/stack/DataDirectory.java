package dev.unmask.local.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where everything of one stack lives; readable by its user alone. */
public record DataDirectory(Path root) {

  /** Opens a data directory and makes what is missing of it. */
  public static DataDirectory open(Path root) {
    DataDirectory data = new DataDirectory(root.toAbsolutePath().normalize());
    var onlyOwner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      Files.createDirectories(data.root, onlyOwner);
      Files.createDirectories(data.secrets(), onlyOwner);
      Files.createDirectories(data.logs());
      return data;
    } catch (IOException e) {
      throw new StackFailure(
          "cannot write to " + data.root + " (" + e.getMessage() + "): name another with --data",
          e);
    }
  }

  public Path database() {
    return root.resolve("postgres");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  /** API token of the local owner: what the demo and the dashboard's sign-in use. */
  public Path ownerToken() {
    return secrets().resolve("owner-token");
  }

  Path serviceToken() {
    return secrets().resolve("service-token");
  }

  Path signingKey() {
    return secrets().resolve("signing-key");
  }

  Path of(ServiceKind service) {
    return root.resolve(service.id());
  }

  Path log(ServiceKind service) {
    return logs().resolve(service.id() + ".log");
  }

  Path lock(String holder) {
    return root.resolve(holder + ".lock");
  }

  /** Where the addresses of the running stack stand, for another process of the same user. */
  Path runningStack() {
    return root.resolve("running-stack.json");
  }

  private Path secrets() {
    return root.resolve("secrets");
  }
}
