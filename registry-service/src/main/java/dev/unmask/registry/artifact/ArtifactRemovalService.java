package dev.unmask.registry.artifact;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.support.security.Caller;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Deleting artifacts, which is always recorded. */
@Service
public class ArtifactRemovalService {
  private final ArtifactService artifacts;
  private final AuditLog audit;

  ArtifactRemovalService(ArtifactService artifacts, AuditLog audit) {
    this.artifacts = artifacts;
    this.audit = audit;
  }

  /** Forgets a file or a folder with everything in it; one that is absent is fine. */
  @Transactional
  public void remove(Caller caller, ArtifactOwner owner, ArtifactPath path) {
    int files = artifacts.remove(caller.teamId(), owner, path);
    if (files > 0) {
      String object = owner.id() + "/" + path.value();
      audit.record(caller, new Change("artifact.delete", object, Map.of("files", files), null));
    }
  }
}
