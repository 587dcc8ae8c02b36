package dev.unmask.registry.mlflow;

import dev.unmask.registry.artifact.ArtifactListing;
import dev.unmask.registry.artifact.ArtifactOwner;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.mlflow.MlflowJson.FileInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Lists folders of artifacts, in pages where the protocol has them and whole where it has not. */
@Component
class ArtifactLists {
  /** Entries a page. */
  static final int PAGE = 1_000;

  private final ArtifactService artifacts;

  ArtifactLists(ArtifactService artifacts) {
    this.artifacts = artifacts;
  }

  /** A page of the folder, with paths relative to the owner's root. */
  Map<String, Object> page(
      String teamId, ArtifactOwner owner, String folder, MlflowRequest request) {
    String last = PageCursor.of(request);
    List<ArtifactListing> found =
        artifacts.list(
            teamId, owner, withoutTrailingSlash(folder), last == null ? "" : last, PAGE + 1);
    boolean more = found.size() > PAGE;
    List<ArtifactListing> shown = more ? found.subList(0, PAGE) : found;
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.putAll(MlflowJson.list("files", files(shown, 0), null));
    if (more) {
      answer.put("next_page_token", PageCursor.token(shown.getLast().path()));
    }
    return answer;
  }

  /** All of the folder, with bare names: clients of the proxy know no pages. */
  Map<String, Object> whole(String teamId, ArtifactOwner owner, String folder) {
    List<ArtifactListing> found = artifacts.list(teamId, owner, folder, "", Integer.MAX_VALUE);
    return MlflowJson.list("files", files(found, folder.isEmpty() ? 0 : folder.length() + 1), null);
  }

  static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static List<FileInfo> files(List<ArtifactListing> entries, int skip) {
    return entries.stream()
        .map(
            entry ->
                new FileInfo(
                    entry.path().substring(skip),
                    entry.folder(),
                    entry.folder() ? null : entry.size()))
        .toList();
  }
}
