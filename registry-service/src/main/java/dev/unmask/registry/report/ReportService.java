package dev.unmask.registry.report;

import dev.unmask.registry.api.ReportsApi;
import dev.unmask.registry.api.ReportsApi.ChangedReport;
import dev.unmask.registry.api.ReportsApi.NewReport;
import dev.unmask.registry.api.ReportsApi.Panel;
import dev.unmask.registry.api.ReportsApi.Report;
import dev.unmask.registry.api.ReportsApi.ReportSummary;
import dev.unmask.registry.api.ReportsApi.ReportVersion;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.registry.report.ReportTable.Stored;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.registry.text.StorableText;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The use cases of reports; everything is looked up within one team. */
@Service
public class ReportService {
  private final ReportTable reports;
  private final PanelChecks panels;
  private final AuditLog audit;
  private final JsonMapper json;
  private final Clock clock;

  ReportService(
      ReportTable reports, PanelChecks panels, AuditLog audit, JsonMapper json, Clock clock) {
    this.reports = reports;
    this.panels = panels;
    this.audit = audit;
    this.json = json;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<ReportSummary> list(String teamId, long before, int most) {
    return reports.list(teamId, before, most);
  }

  /** The report as it is now; empty where the team has none of this id. */
  @Transactional(readOnly = true)
  public Optional<Report> find(String teamId, long id) {
    return reports.find(teamId, id).map(Stored::report);
  }

  /**
   * @throws UnmaskException REPORT_NOT_FOUND where the team has none of this id
   */
  @Transactional(readOnly = true)
  public Report get(String teamId, long id) {
    return find(teamId, id).orElseThrow(() -> unknown(id));
  }

  @Transactional(readOnly = true)
  public Report version(String teamId, long id, int version) {
    return old(teamId, id, version).report();
  }

  @Transactional(readOnly = true)
  public List<ReportVersion> versions(String teamId, long id, int before, int most) {
    get(teamId, id);
    return reports.versions(id, before, most);
  }

  @Transactional
  public Report create(Caller caller, NewReport wanted) {
    Content content = new Content(wanted.title(), wanted.text(), wanted.panels());
    check(caller, wanted, content, List.of());
    long id = reports.insert(caller.teamId(), caller.userId(), content, clock.instant());
    record(caller, "report.create", id, null, fields(wanted.title(), 1));
    return get(caller.teamId(), id);
  }

  @Transactional
  public Report save(Caller caller, long id, ChangedReport wanted) {
    Stored present = lock(caller, id, wanted.version());
    Content content = new Content(wanted.title(), wanted.text(), wanted.panels());
    check(caller, wanted, content, present.report().panels());
    return save(caller, "report.save", present, content, null);
  }

  /** The version was checked when it was made, so what it shows may be gone since. */
  @Transactional
  public Report restore(Caller caller, long id, int version, int replaced) {
    Stored present = lock(caller, id, replaced);
    Content content = old(caller.teamId(), id, version).content();
    return save(caller, "report.restore", present, content, version);
  }

  @Transactional
  public void delete(Caller caller, long id) {
    Stored present = reports.lock(caller.teamId(), id).orElseThrow(() -> unknown(id));
    if (!present.authorId().equals(caller.userId()) && !caller.role().covers(Role.MAINTAINER)) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN,
          "the report was made by "
              + present.report().author()
              + ", who may delete it, and"
              + " maintainers");
    }
    reports.delete(id);
    record(caller, "report.delete", id, fields(present.report()), null);
  }

  private Report save(
      Caller caller, String action, Stored present, Content content, @Nullable Integer restored) {
    long id = present.report().id();
    reports.save(present, caller.userId(), content, restored, clock.instant());
    Report saved = get(caller.teamId(), id);
    record(caller, action, id, fields(present.report()), fields(saved));
    return saved;
  }

  private Stored lock(Caller caller, long id, int replaced) {
    Stored present = reports.lock(caller.teamId(), id).orElseThrow(() -> unknown(id));
    Report report = present.report();
    if (report.version() != replaced) {
      throw new UnmaskException(
          ErrorCode.CONFLICT,
          "%s changed the report at %s: it has version %d and you replace version %d; read it again"
              .formatted(report.changedBy(), report.changedAt(), report.version(), replaced));
    }
    return present;
  }

  private Stored old(String teamId, long id, int version) {
    get(teamId, id);
    return reports
        .version(teamId, id, version)
        .orElseThrow(
            () ->
                new UnmaskException(
                    ErrorCode.REPORT_NOT_FOUND, "the report has no version " + version));
  }

  private void check(Caller caller, Object request, Content content, List<Panel> present) {
    StorableText.check(json.valueToTree(request));
    TagRules.atMost("text", content.text(), ReportsApi.LONGEST);
    List<FieldFault> faults = panels.faults(caller.teamId(), content.panels(), present);
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
    }
  }

  private void record(
      Caller caller,
      String action,
      long id,
      @Nullable Map<String, ?> before,
      @Nullable Map<String, ?> after) {
    audit.record(caller, new Change(action, Long.toString(id), before, after));
  }

  private static Map<String, Object> fields(Report report) {
    return fields(report.title(), report.version());
  }

  private static Map<String, Object> fields(String title, int version) {
    return Map.of("title", title, "version", version);
  }

  private static UnmaskException unknown(long id) {
    return new UnmaskException(ErrorCode.REPORT_NOT_FOUND, "there is no report " + id);
  }
}
