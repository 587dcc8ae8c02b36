package dev.unmask.training.corpus;

import dev.unmask.training.api.CorpusView;
import java.time.Instant;
import java.util.UUID;

/** A team's corpus; the file lies under its digest in {@link CorpusFiles}. */
public record StoredCorpus(
    UUID id,
    String teamId,
    String name,
    CorpusKind kind,
    long bytes,
    long documents,
    String sha256,
    String createdBy,
    Instant createdAt) {

  CorpusView view() {
    return new CorpusView(id.toString(), name, kind.label(), bytes, documents, sha256, createdAt);
  }
}
