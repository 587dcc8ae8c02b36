package dev.unmask.registry.artifact;

import dev.unmask.registry.artifact.ArtifactOwners.Owned;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Files of runs and logged models: bytes in the blob store, names in the database. */
@Service
public class ArtifactService {
  private final ArtifactOwners owners;
  private final ArtifactNames names;
  private final BlobStore blobs;
  private final BlobLocks locks;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final long maxUpload;
  private final Counter stored;

  ArtifactService(
      ArtifactOwners owners,
      ArtifactNames names,
      BlobStore blobs,
      BlobLocks locks,
      TransactionTemplate transaction,
      ArtifactProperties properties,
      Clock clock,
      MeterRegistry meters) {
    this.owners = owners;
    this.names = names;
    this.blobs = blobs;
    this.locks = locks;
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
      String teamId, ArtifactOwner owner, ArtifactPath path, InputStream content, long announced)
      throws IOException {
    if (announced > maxUpload) {
      throw tooLarge();
    }
    owners.find(teamId, owner).checkActive();
    try (BlobStore.Draft draft = receive(content)) {
      // The transaction is short: it must not be open while a slow client sends gigabytes.
      // The owner may have been deleted while its file was on the way.
      transaction.executeWithoutResult(
          status -> name(owners.find(teamId, owner).checkActive(), path, draft));
      stored.increment(draft.blob().size());
    } catch (DataIntegrityViolationException gone) {
      owners.find(teamId, owner); // says so when the owner was purged at this very moment
      throw gone;
    }
  }

  /**
   * @throws UnmaskException ARTIFACT_NOT_FOUND when the owner has no file of this name
   */
  public Blob get(String teamId, ArtifactOwner owner, ArtifactPath path) {
    return names.find(owners.find(teamId, owner), path.value()).orElseThrow(() -> absent(path));
  }

  /**
   * Files and folders directly in the folder.
   *
   * @param folder {@code ""} for the root
   * @param after path of the entry behind which to begin; empty for the first
   * @param most entries to be answered
   */
  public List<ArtifactListing> list(
      String teamId, ArtifactOwner owner, String folder, String after, int most) {
    Owned owned = owners.find(teamId, owner);
    return names.list(owned, checkedFolder(folder), checkedFolder(after), most);
  }

  /**
   * All files below the folder, with paths relative to it, sorted by path; they stay until the
   * caller's transaction ends, which therefore must not be read-only.
   */
  public List<Artifact> below(String teamId, ArtifactOwner owner, String folder) {
    return names.below(owners.find(teamId, owner), checkedFolder(folder));
  }

  /**
   * Forgets a file or folder; for {@link ArtifactRemovalService}, which also keeps the record.
   *
   * @return how many files; 0 when there is none such
   */
  int remove(String teamId, ArtifactOwner owner, ArtifactPath path) {
    return names.remove(owners.find(teamId, owner), path.value());
  }

  /** The bytes of a blob, as a file to be read only. */
  public java.nio.file.Path content(Blob blob) {
    return blobs.path(blob.sha256());
  }

  private BlobStore.Draft receive(InputStream content) throws IOException {
    try {
      return blobs.receive(content, maxUpload);
    } catch (BlobStore.ContentTooLargeException large) {
      throw tooLarge();
    }
  }

  private void name(Owned owned, ArtifactPath path, BlobStore.Draft draft) {
    if (names.collides(owned, path.value())) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "'" + path.value() + "' can't be a file: it, or what leads to it, is something else");
    }
    locks.hold(draft.blob().sha256());
    try {
      // Only under the lock is it certain that a blob that is there already will stay.
      draft.keep();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    names.put(owned, path.value(), draft.blob(), clock.instant());
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
