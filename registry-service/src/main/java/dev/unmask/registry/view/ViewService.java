package dev.unmask.registry.view;

import dev.unmask.registry.api.ViewsApi.ChangedView;
import dev.unmask.registry.api.ViewsApi.NewView;
import dev.unmask.registry.api.ViewsApi.SavedSearch;
import dev.unmask.registry.api.ViewsApi.SavedView;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.audit.Change;
import dev.unmask.registry.search.SearchChecks;
import dev.unmask.registry.text.StorableText;
import dev.unmask.registry.view.ViewTable.Stored;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The use cases of saved views. */
@Service
class ViewService {
  private static final int MOST = 200;

  private final ViewTable views;
  private final SearchChecks searches;
  private final AuditLog audit;
  private final JsonMapper json;
  private final Clock clock;

  ViewService(
      ViewTable views, SearchChecks searches, AuditLog audit, JsonMapper json, Clock clock) {
    this.views = views;
    this.searches = searches;
    this.audit = audit;
    this.json = json;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<SavedView> list(Caller caller, long after, int most) {
    return views.list(caller, after, most).stream().map(view -> view.view(caller)).toList();
  }

  @Transactional(readOnly = true)
  public SavedView get(Caller caller, long id) {
    return views.find(caller, id).orElseThrow(() -> unknown(id)).view(caller);
  }

  @Transactional
  public SavedView create(Caller caller, NewView wanted) {
    check(caller, wanted, wanted.search());
    if (views.count(caller) >= MOST) {
      throw new UnmaskException(
          ErrorCode.CONFLICT, "you have " + MOST + " views, which is the most: delete one first");
    }
    boolean shared = Boolean.TRUE.equals(wanted.shared());
    long id =
        views
            .insert(caller, wanted.name(), shared, wanted.search(), clock.instant())
            .orElseThrow(() -> taken(wanted.name()));
    audit.record(
        caller, new Change("view.create", Long.toString(id), null, fields(wanted.name(), shared)));
    return get(caller, id);
  }

  @Transactional
  public SavedView change(Caller caller, long id, ChangedView wanted) {
    check(caller, wanted, wanted.search());
    Stored present = views.lock(caller, id).orElseThrow(() -> unknown(id));
    if (!present.belongsTo(caller)) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN,
          "the view belongs to " + present.owner() + ": save it as one of your own");
    }
    if (present.version() != wanted.version()) {
      throw new UnmaskException(
          ErrorCode.CONFLICT,
          "the view was changed at %s: it has version %d and you replace version %d; read it again"
              .formatted(present.changedAt(), present.version(), wanted.version()));
    }
    boolean shared = Boolean.TRUE.equals(wanted.shared());
    try {
      views.update(id, wanted.name(), shared, wanted.search(), clock.instant());
    } catch (DuplicateKeyException other) {
      throw taken(wanted.name());
    }
    audit.record(
        caller,
        new Change(
            "view.change",
            Long.toString(id),
            fields(present.name(), present.shared()),
            fields(wanted.name(), shared)));
    return get(caller, id);
  }

  @Transactional
  public void delete(Caller caller, long id) {
    Stored present = views.lock(caller, id).orElseThrow(() -> unknown(id));
    if (!present.belongsTo(caller) && !caller.role().covers(Role.MAINTAINER)) {
      throw new UnmaskException(
          ErrorCode.FORBIDDEN,
          "the view belongs to " + present.owner() + ", who may delete it, and maintainers");
    }
    views.delete(id);
    audit.record(
        caller,
        new Change(
            "view.delete", Long.toString(id), fields(present.name(), present.shared()), null));
  }

  private void check(Caller caller, Object request, SavedSearch search) {
    StorableText.check(json.valueToTree(request));
    List<FieldFault> faults = searches.faults(caller.teamId(), "search", search);
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
    }
  }

  private static Map<String, Object> fields(String name, boolean shared) {
    return Map.of("name", name, "shared", shared);
  }

  private static UnmaskException unknown(long id) {
    return new UnmaskException(ErrorCode.VIEW_NOT_FOUND, "there is no view " + id);
  }

  private static UnmaskException taken(String name) {
    return new UnmaskException(
        ErrorCode.ALREADY_EXISTS,
        "you have a view '" + name + "' already: change that one or choose another name");
  }
}
