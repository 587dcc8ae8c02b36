package dev.unmask.registry.imports;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.imports.Step.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Brings the files of a run, by the proxy of the server that has it. */
@Component
class ArtifactImport {
  private static final int MOST_FILES = 100_000;
  private static final Pattern PROXIED = Pattern.compile("mlflow-artifacts:(?://[^/]*)?/+(.+)");

  private final ArtifactService artifacts;

  ArtifactImport(ArtifactService artifacts) {
    this.artifacts = artifacts;
  }

  void bring(Work work, String run, String uri, String target) {
    Map<String, Long> files = files(work, run);
    if (files.isEmpty()) {
      return;
    }
    String root =
        root(uri)
            .orElseThrow(
                () ->
                    new SourceFault.NotToBeHad(
                        "its " + files.size() + " files lie where the server's proxy serves none"));
    Map<String, Long> here = new HashMap<>();
    for (Artifact file : artifacts.below(work.team(), new OfRun(target), "")) {
      here.put(file.path(), file.blob().size());
    }
    files.forEach(
        (path, size) -> {
          if (!size.equals(here.get(path))) {
            work.attempt(
                Kind.ARTIFACTS,
                run + "/" + path,
                () -> bringFile(work, root + "/" + path, target, new ArtifactPath(path), size));
          }
        });
  }

  private void bringFile(Work work, String file, String target, ArtifactPath name, long size) {
    work.source()
        .download(file, bytes -> artifacts.put(work.team(), new OfRun(target), name, bytes, size));
  }

  /** Where the proxy of a server has the files of this address. */
  static Optional<String> root(String uri) {
    Matcher proxied = PROXIED.matcher(uri);
    return proxied.matches()
        ? Optional.of(proxied.group(1).replaceAll("/+$", ""))
        : Optional.empty();
  }

  /** Sizes of all files of the run, by path. */
  private static Map<String, Long> files(Work work, String run) {
    Map<String, Long> files = new LinkedHashMap<>();
    Deque<String> folders = new ArrayDeque<>();
    folders.add("");
    while (!folders.isEmpty()) {
      String folder = folders.remove();
      Map<String, String> query =
          folder.isEmpty() ? Map.of("run_id", run) : Map.of("run_id", run, "path", folder);
      Pages.each(
          token -> work.source().get("artifacts/list", Pages.query(query, token)),
          "files",
          page -> {
            work.goOn();
            for (JsonNode file : page) {
              String path = file.path("path").asString("");
              if (!file.path("is_dir").asBoolean(false)) {
                files.put(path, Pages.number(file.path("file_size"), 0));
              } else if (path.length() > folder.length() && path.startsWith(folder)) {
                folders.add(path);
              }
            }
            if (files.size() + folders.size() > MOST_FILES) {
              throw new SourceFault.NotToBeHad("it has more than " + MOST_FILES + " files");
            }
          });
    }
    return files;
  }
}
