package dev.unmask.registry.artifact;

import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Files of runs: bytes in the blob store, names in the database. */
@Service
public class ArtifactService {
  private final RunService runs;
  private final ArtifactNames names;
  private final BlobStore blobs;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final long maxUpload;
  private final Counter stored;

  ArtifactService(
      RunService runs,
      ArtifactNames names,
      TransactionTemplate transaction,
      ArtifactProperties properties,
      Clock clock,
      MeterRegistry meters) {
    this.runs = runs;
    this.names = names;
    this.blobs = new BlobStore(properties.directory());
    this.transaction = transaction;
    this.clock = clock;
    this.maxUpload = properties.maxUpload().toBytes();
    this.stored =
        Counter.builder(MetricNames.REGISTRY_ARTIFACT_BYTES)
            .baseUnit("bytes")
            .description("artifact bytes received")
            .register(meters);
  }

  /**
   * Stores a file, replacing the one of the same name; versions made of that one keep it.
   *
   * @param announced size by the request's header, negative when unknown
   */
  public void put(
      String teamId, String runId, ArtifactPath path, InputStream content, long announced)
      throws IOException {
    if (announced > maxUpload) {
      throw tooLarge();
    }
    long runUid = uploadTarget(teamId, runId).uid();
    Blob blob = store(content);
    // The transaction is short: it must not be open while a slow client sends gigabytes.
    transaction.executeWithoutResult(status -> name(runUid, path, blob));
    stored.increment(blob.size());
  }

  /**
   * @throws UnmaskException ARTIFACT_NOT_FOUND when the run has no file of this name
   */
  public Blob get(String teamId, String runId, ArtifactPath path) {
    return names.find(runs.get(teamId, runId).uid(), path.value()).orElseThrow(() -> absent(path));
  }

  /** Files and folders directly in the folder ({@code ""} for the root). */
  public List<ArtifactListing> list(String teamId, String runId, String folder) {
    return names.list(runs.get(teamId, runId).uid(), checkedFolder(folder));
  }

  /** All files below the folder, with paths relative to it, sorted by path. */
  public List<Artifact> below(String teamId, String runId, String folder) {
    return names.below(runs.get(teamId, runId).uid(), checkedFolder(folder));
  }

  /**
   * Forgets a file or folder; for {@link ArtifactRemovalService}, which also keeps the record.
   *
   * @return how many files; 0 when there is none such
   */
  int remove(String teamId, String runId, ArtifactPath path) {
    return names.remove(runs.get(teamId, runId).uid(), path.value());
  }

  /** The bytes of a blob, as a file to be read only. */
  public java.nio.file.Path content(Blob blob) {
    return blobs.path(blob.sha256());
  }

  private Run uploadTarget(String teamId, String runId) {
    Run run = runs.get(teamId, runId);
    if (!run.active()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "The run " + runId + " must be in the 'active' state. Current state is deleted.");
    }
    return run;
  }

  private Blob store(InputStream content) throws IOException {
    try {
      return blobs.put(content, maxUpload);
    } catch (BlobStore.ContentTooLargeException large) {
      throw tooLarge();
    }
  }

  private void name(long runUid, ArtifactPath path, Blob blob) {
    if (names.collides(runUid, path.value())) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "'" + path.value() + "' can't be a file: it, or what leads to it, is something else");
    }
    names.put(runUid, path.value(), blob, clock.instant());
  }

  private static String checkedFolder(String folder) {
    return folder.isEmpty() ? "" : new ArtifactPath(folder).value();
  }

  private UnmaskException tooLarge() {
    return new UnmaskException(
        ErrorCode.BODY_TOO_LARGE, "an artifact may have at most " + maxUpload + " bytes");
  }

  private static UnmaskException absent(ArtifactPath path) {
    return new UnmaskException(
        ErrorCode.ARTIFACT_NOT_FOUND, "No such artifact: '" + path.value() + "'");
  }
}
