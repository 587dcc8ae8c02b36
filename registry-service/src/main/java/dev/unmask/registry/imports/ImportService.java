package dev.unmask.registry.imports;

import dev.unmask.registry.api.ImportsApi.ImportState;
import dev.unmask.registry.api.ImportsApi.ImportView;
import dev.unmask.registry.api.ImportsApi.StartImport;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.outbound.OutboundTargets;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of imports; all within the caller's team. */
@Service
class ImportService {
  private static final int MOST = 100;

  private final ImportTable table;
  private final OutboundTargets targets;
  private final Credentials credentials;
  private final AuditLog audit;
  private final Clock clock;

  ImportService(
      ImportTable table,
      ImportProperties properties,
      Credentials credentials,
      AuditLog audit,
      Clock clock) {
    this.table = table;
    this.targets = new OutboundTargets(properties.ports(), properties.trustedTargets());
    this.credentials = credentials;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  public ImportView start(Caller caller, StartImport request) {
    URI url = targets.checked(request.url().replaceAll("/+$", ""));
    if (url.getQuery() != null) {
      throw UnmaskException.ofField(ErrorCode.INVALID_REQUEST, "url", "must have no query");
    }
    String id = "im_" + UUID.randomUUID().toString().replace("-", "");
    String authorization = Credentials.authorization(request);
    List<String> experiments = request.experiments();
    Import fresh =
        new Import(
            id,
            caller.teamId(),
            url.toString(),
            authorization == null ? null : credentials.seal(id, authorization),
            experiments == null ? List.of() : experiments.stream().distinct().toList(),
            !Boolean.FALSE.equals(request.artifacts()),
            !Boolean.FALSE.equals(request.models()),
            ImportState.WAITING,
            null,
            0,
            caller.userId(),
            clock.instant(),
            null);
    try {
      table.insert(fresh);
    } catch (DuplicateKeyException underWay) {
      throw new UnmaskException(
          ErrorCode.CONFLICT, "the team has an import under way: wait for its end, or cancel it");
    }
    audit.record(caller, "import.start", id, fresh.url());
    return view(fresh);
  }

  @Transactional(readOnly = true)
  public List<ImportView> list(String teamId) {
    return table.newestFirst(teamId, MOST).stream().map(this::view).toList();
  }

  @Transactional(readOnly = true)
  public ImportView get(String teamId, String id) {
    return view(find(teamId, id));
  }

  @Transactional
  public ImportView cancel(Caller caller, String id) {
    Import old = find(caller.teamId(), id);
    if (!table.cancel(caller.teamId(), id)) {
      throw new UnmaskException(ErrorCode.CONFLICT, "import " + id + " has ended already");
    }
    audit.record(caller, "import.cancel", id, old.url());
    return view(find(caller.teamId(), id));
  }

  private Import find(String teamId, String id) {
    return table
        .find(teamId, id)
        .orElseThrow(
            () ->
                new UnmaskException(ErrorCode.IMPORT_NOT_FOUND, "there is no import '" + id + "'"));
  }

  private ImportView view(Import stored) {
    return new ImportView(
        stored.id(),
        stored.url(),
        stored.experiments(),
        stored.artifacts(),
        stored.models(),
        stored.state(),
        stored.error(),
        stored.createdBy(),
        stored.createdAt(),
        stored.endedAt(),
        table.progress(stored.id()),
        table.faults(stored.id()));
  }
}
