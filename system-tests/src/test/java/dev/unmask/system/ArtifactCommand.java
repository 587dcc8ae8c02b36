package dev.unmask.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for {@code python -m mlflow.store.artifact.cli}, which the Java client runs for every
 * call that moves files. It takes the same arguments and environment, sends a server the same
 * requests, and prints the same answers; nothing of MLflow's is in it.
 */
final class ArtifactCommand {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEME = "mlflow-artifacts:/";

  private final String server;
  private final String token;

  private ArtifactCommand(String server, String token) {
    this.server = server;
    this.token = token;
  }

  public static void main(String[] arguments) throws IOException {
    List<String> given = List.of(arguments);
    if (!given.subList(0, 2).equals(List.of("-m", "mlflow.store.artifact.cli"))) {
      throw new IllegalArgumentException("not what the client was seen to run: " + given);
    }
    if (given.get(2).equals("--help")) {
      return;
    }
    Map<String, String> options = new HashMap<>();
    for (int i = 3; i < given.size(); i += 2) {
      options.put(given.get(i), given.get(i + 1));
    }
    ArtifactCommand command =
        new ArtifactCommand(
            environment("MLFLOW_TRACKING_URI"), environment("MLFLOW_TRACKING_TOKEN"));
    command.run(given.get(2), options);
  }

  private void run(String what, Map<String, String> options) throws IOException {
    String path = options.get("--artifact-path");
    switch (what) {
      case "log-artifact" -> {
        Path file = Path.of(option(options, "--local-file"));
        put(file, under(under(root(options), path), file.getFileName().toString()));
      }
      case "log-artifacts" ->
          putAll(Path.of(option(options, "--local-dir")), under(root(options), path));
      case "list" -> System.out.println(list(root(options), path));
      case "download" -> System.out.println(download(under(root(options), path)));
      default -> throw new IllegalArgumentException("no such command: " + what);
    }
  }

  /** The address that paths are relative to: a run's, or a registered version's. */
  private String root(Map<String, String> options) throws IOException {
    String uri = options.get("--artifact-uri");
    if (uri == null) {
      JsonNode run = get("/api/2.0/mlflow/runs/get?run_id=" + encoded(option(options, "--run-id")));
      return run.at("/run/info/artifact_uri").asText();
    }
    String[] version = uri.substring("models:/".length()).split("/");
    return get("/api/2.0/mlflow/model-versions/get-download-uri?name="
            + encoded(version[0])
            + "&version="
            + encoded(version[1]))
        .path("artifact_uri")
        .asText();
  }

  private void putAll(Path folder, String address) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        put(file, under(address, folder.relativize(file).toString()));
      }
    }
  }

  private void put(Path file, String address) throws IOException {
    HttpURLConnection connection = open(proxied(address));
    connection.setRequestMethod("PUT");
    connection.setRequestProperty("Content-Type", "application/octet-stream");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(Files.size(file));
    try (OutputStream body = connection.getOutputStream()) {
      Files.copy(file, body);
    }
    connection.getInputStream().close();
  }

  /** What is in a folder, with paths relative to the run's root, as a JSON array. */
  private ArrayNode list(String root, @Nullable String folder) throws IOException {
    ArrayNode found = JSON.createArrayNode();
    for (JsonNode file : files(under(root, folder))) {
      ObjectNode whole = file.deepCopy();
      String name = file.path("path").asText();
      found.add(whole.put("path", folder == null ? name : under(folder, name)));
    }
    return found;
  }

  /** Where the file or folder lies now; a folder is what has something in it. */
  private Path download(String address) throws IOException {
    String name = address.substring(address.lastIndexOf('/') + 1);
    Path target = Files.createTempDirectory("artifacts").resolve(name);
    if (files(address).isEmpty()) {
      fetch(address, target);
    } else {
      fetchAll(address, Files.createDirectory(target));
    }
    return target;
  }

  private void fetchAll(String address, Path folder) throws IOException {
    for (JsonNode file : files(address)) {
      String name = file.path("path").asText();
      if (file.path("is_dir").asBoolean()) {
        fetchAll(under(address, name), Files.createDirectory(folder.resolve(name)));
      } else {
        fetch(under(address, name), folder.resolve(name));
      }
    }
  }

  private void fetch(String address, Path file) throws IOException {
    try (InputStream body = open(proxied(address)).getInputStream()) {
      Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private JsonNode files(String address) throws IOException {
    String path = address.substring(SCHEME.length());
    return get("/api/2.0/mlflow-artifacts/artifacts?path=" + encoded(path)).path("files");
  }

  private JsonNode get(String path) throws IOException {
    try (InputStream body = open(path).getInputStream()) {
      return JSON.readTree(body);
    }
  }

  private HttpURLConnection open(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(server + path).toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + token);
    return connection;
  }

  private static String proxied(String address) {
    return "/api/2.0/mlflow-artifacts/artifacts/"
        + Stream.of(address.substring(SCHEME.length()).split("/"))
            .map(ArtifactCommand::encoded)
            .collect(Collectors.joining("/"));
  }

  private static String under(String folder, @Nullable String path) {
    return path == null || path.isEmpty() ? folder : folder + "/" + path;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String option(Map<String, String> options, String name) {
    return Objects.requireNonNull(options.get(name), name);
  }

  private static String environment(String name) {
    return Objects.requireNonNull(System.getenv(name), name);
  }
}
