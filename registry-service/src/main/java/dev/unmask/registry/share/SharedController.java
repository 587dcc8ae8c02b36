package dev.unmask.registry.share;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.api.SharesApi.SharedFile;
import dev.unmask.registry.api.SharesApi.SharedPoint;
import dev.unmask.registry.api.SharesApi.SharedRun;
import dev.unmask.registry.api.SharesApi.SharedView;
import dev.unmask.registry.artifact.ArtifactDownload;
import dev.unmask.registry.artifact.ArtifactOwner;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.identity.ShareLinks.Link;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.series.HistoryService;
import dev.unmask.registry.series.Point;
import dev.unmask.registry.share.ShareScope.Shown;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The holder's side of {@link dev.unmask.registry.api.SharesApi}: the only routes that a share link
 * opens. All of them read, and each asks whether the link shows the run.
 */
@RestController
@RequestMapping("/api/v1/registry/shared")
@RequiresRole(Role.SHARED)
class SharedController {
  private static final int POINTS = 10_000;

  private final ShareService shares;
  private final RunService runs;
  private final HistoryService histories;
  private final ArtifactService artifacts;

  SharedController(
      ShareService shares, RunService runs, HistoryService histories, ArtifactService artifacts) {
    this.shares = shares;
    this.runs = runs;
    this.histories = histories;
    this.artifacts = artifacts;
  }

  @GetMapping
  SharedView shared(Caller caller) {
    Shown shown = shares.shownTo(caller);
    Link link = shares.link(caller);
    List<SharedRun> views =
        shown.runs().stream()
            .flatMap(run -> active(caller, run).stream())
            .map(run -> view(runs.details(caller.teamId(), run.runId())))
            .toList();
    return new SharedView(
        link.name(),
        link.expiresAt(),
        shown.artifacts(),
        shares.report(caller, shown).orElse(null),
        views);
  }

  @GetMapping("/runs/{run}/history")
  List<SharedPoint> history(Caller caller, @PathVariable String run, @RequestParam String metric) {
    OptionalLong series = histories.find(caller.teamId(), shownRun(caller, run), metric);
    if (series.isEmpty()) {
      return List.of();
    }
    return histories.read(series.getAsLong(), null, POINTS).points().stream()
        .map(SharedController::view)
        .toList();
  }

  @GetMapping("/runs/{run}/artifacts")
  List<SharedFile> artifacts(
      Caller caller,
      @PathVariable String run,
      @RequestParam(required = false) @Nullable String path) {
    ArtifactOwner owner = new OfRun(runWithFiles(caller, run));
    return artifacts
        .list(caller.teamId(), owner, path == null ? "" : path, "", Integer.MAX_VALUE)
        .stream()
        .map(entry -> new SharedFile(entry.path(), entry.folder(), entry.size()))
        .toList();
  }

  /** The bytes of a file of a shared run, where artifacts are shared. */
  @FileTransfer
  @GetMapping("/runs/{run}/file")
  ResponseEntity<Resource> file(
      Caller caller,
      @PathVariable String run,
      @RequestParam String path,
      @RequestHeader HttpHeaders headers) {
    ArtifactPath name = new ArtifactPath(path);
    var blob = artifacts.get(caller.teamId(), new OfRun(runWithFiles(caller, run)), name);
    return ArtifactDownload.of(name.name(), blob, artifacts.content(blob), headers);
  }

  private String runWithFiles(Caller caller, String runId) {
    if (!shares.shownTo(caller).artifacts()) {
      throw notShown(runId);
    }
    return shownRun(caller, runId);
  }

  private String shownRun(Caller caller, String runId) {
    if (!shares.shownTo(caller).runs().contains(runId) || active(caller, runId).isEmpty()) {
      throw notShown(runId);
    }
    return runId;
  }

  /** The run, unless it was deleted since the link was made. */
  private Optional<Run> active(Caller caller, String runId) {
    return runs.find(caller.teamId(), runId).filter(Run::active);
  }

  private static UnmaskException notShown(String runId) {
    return new UnmaskException(ErrorCode.RUN_NOT_FOUND, "the link shows no such run: " + runId);
  }

  private static SharedRun view(Run.Details details) {
    Run run = details.run();
    Map<String, String> tags = new TreeMap<>(details.tags());
    tags.keySet().removeIf(key -> key.startsWith("mlflow."));
    Map<String, Double> metrics = new TreeMap<>();
    details.metrics().forEach(point -> metrics.put(point.key(), point.value()));
    Long end = run.endTime();
    return new SharedRun(
        run.runId(),
        run.name(),
        run.status().name(),
        Instant.ofEpochMilli(run.startTime()),
        end == null ? null : Instant.ofEpochMilli(end),
        details.params(),
        tags,
        metrics);
  }

  private static SharedPoint view(Point point) {
    return new SharedPoint(point.step(), Instant.ofEpochMilli(point.time()), point.value());
  }
}
