package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mlflow.api.proto.Service.FileInfo;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;

/**
 * Each of the client's calls that move files. The client has no code for a store behind HTTP: it
 * runs the program that {@code MLFLOW_PYTHON_EXECUTABLE} names, as MLflow's Python command line.
 * The build names a script that runs {@link ArtifactCommand} in its place, so that no Python is
 * needed here; {@code -Dmlflow.python=FILE} names a Python that has MLflow, to run these with the
 * real one.
 */
record ClientArtifacts(CallRecorder calls, MlflowClient client, Path folder) {
  private static final Map<String, String> FILES =
      Map.of("a b.txt", "first", "sub/deep/b.json", "{}", "sub/empty.bin", "");

  void areLoggedListedAndDownloaded() throws IOException {
    installStandIn();
    File one = file("one.txt", "one");
    File all = folderOf("all", FILES);
    String run = client.createRun(client.createExperiment("artifacts")).getRunId();

    calls.run(client::logArtifact, run, one);
    calls.run(client::logArtifact, run, one, "texts/english");
    calls.run(client::logArtifacts, run, all);
    calls.run(client::logArtifacts, run, all, "copy");

    assertThat(paths(calls.get(client::listArtifacts, run)))
        .containsExactlyInAnyOrder("one.txt 3", "texts", "a b.txt 5", "sub", "copy");
    assertThat(paths(calls.get(client::listArtifacts, run, "copy/sub")))
        .containsExactlyInAnyOrder("copy/sub/deep", "copy/sub/empty.bin 0");
    // What the server itself says, so that a mistake of the stand-in's in both ways shows.
    assertThat(client.sendGet("artifacts/list?run_id=" + run + "&path=texts/english"))
        .contains("\"path\":\"texts/english/one.txt\"", "\"file_size\":3");
    File copy = calls.get(client::downloadArtifacts, run, "copy");
    assertThat(contents(copy)).isEqualTo(FILES);
    File single = calls.get(client::downloadArtifacts, run, "texts/english/one.txt");
    assertThat(single).hasContent("one");
    Map<String, String> whole = new TreeMap<>(FILES);
    FILES.forEach((path, text) -> whole.put("copy/" + path, text));
    whole.put("one.txt", "one");
    whole.put("texts/english/one.txt", "one");
    File everything = calls.get(client::downloadArtifacts, run);
    assertThat(contents(everything)).isEqualTo(whole);
  }

  void areLoggedToAnActiveRun() throws IOException {
    MlflowContext context = new MlflowContext(client);
    context.setExperimentId(client.createExperiment("artifacts-fluent"));
    ActiveRun run = context.startRun("with files");
    Path one = file("two.txt", "two").toPath();
    Path all = folderOf("more", FILES).toPath();

    calls.run(run::logArtifact, one);
    calls.run(run::logArtifact, one, "named");
    calls.run(run::logArtifacts, all);
    calls.run(run::logArtifacts, all, "copy");
    run.endRun();

    assertThat(paths(client.listArtifacts(run.getId())))
        .containsExactlyInAnyOrder("two.txt 3", "named", "a b.txt 5", "sub", "copy");
    assertThat(paths(client.listArtifacts(run.getId(), "named")))
        .containsExactly("named/two.txt 3");
    assertThat(contents(client.downloadArtifacts(run.getId(), "copy"))).isEqualTo(FILES);
  }

  void areDownloadedWithAModel() throws IOException {
    String run = client.createRun(client.createExperiment("artifacts-model")).getRunId();
    client.logArtifacts(run, folderOf("model", Map.of("config.json", "{}")), "model");
    Map<String, String> name = Map.of("name", "with-files");
    client.sendPost("registered-models/create", ClientModels.json(name));
    client.sendPost(
        "model-versions/create",
        ClientModels.json(
            Map.of("name", "with-files", "source", "runs:/" + run + "/model", "run_id", run)));

    File version = calls.get(client::downloadModelVersion, "with-files", "1");
    assertThat(contents(version)).isEqualTo(Map.of("config.json", "{}"));
    File latest = calls.get(client::downloadLatestModelVersion, "with-files", "None");
    assertThat(contents(latest)).isEqualTo(Map.of("config.json", "{}"));
  }

  /** Writes the program that the build names for Python, unless a user named a real one. */
  private static void installStandIn() throws IOException {
    Path program =
        Path.of(
            Objects.requireNonNull(
                System.getenv("MLFLOW_PYTHON_EXECUTABLE"), "set by the build: run mvn verify"));
    if (!program.startsWith(Path.of("target").toAbsolutePath())) {
      return;
    }
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String script =
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s "$@"
        """
            .formatted(
                java, System.getProperty("java.class.path"), ArtifactCommand.class.getName());
    Files.writeString(program, script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private File file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toFile();
  }

  private File folderOf(String name, Map<String, String> files) throws IOException {
    Path root = folder.resolve(name);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
    return root.toFile();
  }

  /** Paths as they are listed, with the sizes of files. */
  private static List<String> paths(List<FileInfo> files) {
    return files.stream()
        .map(file -> file.getIsDir() ? file.getPath() : file.getPath() + " " + file.getFileSize())
        .toList();
  }

  private static Map<String, String> contents(File folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.toPath())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.toPath().relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
