package dev.unmask.registry.share;

import dev.unmask.registry.api.SharesApi.CreateShare;
import dev.unmask.registry.api.SharesApi.CreatedShare;
import dev.unmask.registry.api.SharesApi.ShareView;
import dev.unmask.registry.api.SharesApi.SharedReport;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.registry.identity.ShareLinks;
import dev.unmask.registry.identity.ShareLinks.Issued;
import dev.unmask.registry.identity.ShareLinks.Link;
import dev.unmask.registry.report.NamedRuns;
import dev.unmask.registry.report.ReportService;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.share.ShareScope.Shown;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Making and ending share links, and what one shows. */
@Service
class ShareService {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final ShareLinks links;
  private final ShareScope scope;
  private final RunService runs;
  private final ReportService reports;
  private final AuditLog audit;
  private final Clock clock;

  ShareService(
      ShareLinks links,
      ShareScope scope,
      RunService runs,
      ReportService reports,
      AuditLog audit,
      Clock clock) {
    this.links = links;
    this.scope = scope;
    this.runs = runs;
    this.reports = reports;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  CreatedShare create(Caller caller, CreateShare request) {
    if (caller.role() == Role.SERVICE) {
      throw new UnmaskException(ErrorCode.FORBIDDEN, "the service account shares nothing");
    }
    if (request.expiresAt().isAfter(clock.instant().plus(LONGEST))) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST, "expiresAt", "must be at most a year from now");
    }
    Shown shown = wanted(caller.teamId(), request);
    Issued issued = links.issue(caller, request.name(), request.expiresAt());
    scope.put(issued.link().id(), shown);
    audit.record(
        caller, new Change("share.create", issued.link().id(), null, fields(request, shown)));
    return new CreatedShare(issued.secret(), view(issued.link(), shown));
  }

  @Transactional(readOnly = true)
  List<ShareView> list(String teamId) {
    return links.of(teamId).stream().map(link -> view(link, shown(teamId, link.id()))).toList();
  }

  @Transactional
  void revoke(Caller caller, String id) {
    if (!links.revoke(caller.teamId(), id)) {
      throw new UnmaskException(ErrorCode.SHARE_NOT_FOUND, "you have no share link with id " + id);
    }
    audit.record(caller, "share.revoke", id, null);
  }

  /** The link that the caller came by. */
  @Transactional(readOnly = true)
  Link link(Caller caller) {
    return links.find(caller.teamId(), caller.tokenId()).orElseThrow(ShareService::noLink);
  }

  /** What the link shows that the caller came by; a caller with an account comes by none. */
  @Transactional(readOnly = true)
  Shown shownTo(Caller caller) {
    if (caller.role() != Role.SHARED) {
      throw noLink();
    }
    return today(caller.teamId(), scope.find(caller.tokenId()).orElseThrow(ShareService::noLink));
  }

  /** The report as the holder sees it; empty where the link shows none. */
  @Transactional(readOnly = true)
  Optional<SharedReport> report(Caller caller, Shown shown) {
    Long id = shown.report();
    return id == null
        ? Optional.empty()
        : reports
            .find(caller.teamId(), id)
            .map(report -> SharedPanels.of(report, Set.copyOf(shown.runs())));
  }

  private Shown wanted(String teamId, CreateShare request) {
    List<String> named = request.runs();
    Long report = request.report();
    boolean artifacts = Boolean.TRUE.equals(request.artifacts());
    if (named != null && report == null) {
      List<String> distinct = named.stream().distinct().toList();
      distinct.forEach(run -> runs.get(teamId, run));
      return new Shown(distinct, null, artifacts);
    }
    if (named == null && report != null) {
      return new Shown(NamedRuns.of(reports.get(teamId, report).panels()), report, artifacts);
    }
    throw UnmaskException.ofField(
        ErrorCode.INVALID_REQUEST, "runs", "or report must be given, and not both");
  }

  private Shown shown(String teamId, String link) {
    return scope
        .find(link)
        .map(shown -> today(teamId, shown))
        .orElse(new Shown(List.of(), null, false));
  }

  /** Of a report's runs, those that it still names: a link narrows with it and never widens. */
  private Shown today(String teamId, Shown shown) {
    Long report = shown.report();
    return report == null
        ? shown
        : shown.within(
            reports
                .find(teamId, report)
                .map(found -> NamedRuns.of(found.panels()))
                .orElse(List.of()));
  }

  private static UnmaskException noLink() {
    return new UnmaskException(
        ErrorCode.SHARE_NOT_FOUND, "this route shows what a share link names: send its secret");
  }

  private static Map<String, Object> fields(CreateShare request, Shown shown) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", request.name());
    if (shown.report() != null) {
      fields.put("report", shown.report());
    }
    fields.put("runs", shown.runs());
    fields.put("artifacts", shown.artifacts());
    fields.put("expiresAt", request.expiresAt().toString());
    return fields;
  }

  private static ShareView view(Link link, Shown shown) {
    return new ShareView(
        link.id(),
        link.name(),
        link.hint(),
        shown.report(),
        shown.runs(),
        shown.artifacts(),
        link.createdBy(),
        link.createdAt(),
        link.expiresAt(),
        link.lastUsedAt());
  }
}
