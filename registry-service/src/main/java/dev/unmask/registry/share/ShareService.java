package dev.unmask.registry.share;

import dev.unmask.registry.api.SharesApi.CreateShare;
import dev.unmask.registry.api.SharesApi.CreatedShare;
import dev.unmask.registry.api.SharesApi.ShareView;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.registry.identity.ShareLinks;
import dev.unmask.registry.identity.ShareLinks.Issued;
import dev.unmask.registry.identity.ShareLinks.Link;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.share.ShareScope.Shown;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Making and ending share links, and what one shows. */
@Service
class ShareService {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final ShareLinks links;
  private final ShareScope scope;
  private final RunService runs;
  private final AuditLog audit;
  private final Clock clock;

  ShareService(ShareLinks links, ShareScope scope, RunService runs, AuditLog audit, Clock clock) {
    this.links = links;
    this.scope = scope;
    this.runs = runs;
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
    Shown shown =
        new Shown(
            request.runs().stream().distinct().toList(), Boolean.TRUE.equals(request.artifacts()));
    shown.runs().forEach(run -> runs.get(caller.teamId(), run));
    Issued issued = links.issue(caller, request.name(), request.expiresAt());
    scope.put(issued.link().id(), shown);
    audit.record(
        caller, new Change("share.create", issued.link().id(), null, fields(request, shown)));
    return new CreatedShare(issued.secret(), view(issued.link(), shown));
  }

  @Transactional(readOnly = true)
  List<ShareView> list(String teamId) {
    return links.of(teamId).stream()
        .map(link -> view(link, scope.find(link.id()).orElse(new Shown(List.of(), false))))
        .toList();
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
    return scope.find(caller.tokenId()).orElseThrow(ShareService::noLink);
  }

  private static UnmaskException noLink() {
    return new UnmaskException(
        ErrorCode.SHARE_NOT_FOUND, "this route shows what a share link names: send its secret");
  }

  private static Map<String, Object> fields(CreateShare request, Shown shown) {
    return Map.of(
        "name",
        request.name(),
        "runs",
        shown.runs(),
        "artifacts",
        shown.artifacts(),
        "expiresAt",
        request.expiresAt().toString());
  }

  private static ShareView view(Link link, Shown shown) {
    return new ShareView(
        link.id(),
        link.name(),
        link.hint(),
        shown.runs(),
        shown.artifacts(),
        link.createdBy(),
        link.createdAt(),
        link.expiresAt(),
        link.lastUsedAt());
  }
}
