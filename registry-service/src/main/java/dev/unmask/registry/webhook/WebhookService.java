package dev.unmask.registry.webhook;

import dev.unmask.registry.api.WebhooksApi.DeliveryView;
import dev.unmask.registry.api.WebhooksApi.WebhookSettings;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of webhooks; all within the caller's team. */
@Service
class WebhookService {
  private static final int MOST = 50;

  private final WebhookStore store;
  private final WebhookTarget targets;
  private final Outbox outbox;
  private final AuditLog audit;
  private final Clock clock;

  WebhookService(
      WebhookStore store, WebhookTarget targets, Outbox outbox, AuditLog audit, Clock clock) {
    this.store = store;
    this.targets = targets;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<Webhook> all(String teamId) {
    return store.of(teamId);
  }

  @Transactional(readOnly = true)
  public Webhook get(String teamId, String id) {
    return store.find(teamId, id).orElseThrow(() -> unknown(id));
  }

  @Transactional
  public Webhook create(Caller caller, WebhookSettings settings) {
    if (store.of(caller.teamId()).size() >= MOST) {
      throw new UnmaskException(
          ErrorCode.CONFLICT, "a team has at most " + MOST + " webhooks: delete one first");
    }
    Webhook fresh =
        changed(
            new Webhook(
                "wh_" + UUID.randomUUID().toString().replace("-", ""),
                caller.teamId(),
                "",
                "",
                List.of(),
                true,
                1,
                caller.userId(),
                clock.instant()),
            settings);
    store.insert(fresh);
    audit.record(caller, "webhook.create", fresh.id(), fresh.url());
    return fresh;
  }

  @Transactional
  public Webhook change(Caller caller, String id, WebhookSettings settings) {
    Webhook changed = changed(get(caller.teamId(), id), settings);
    store.update(changed);
    audit.record(caller, "webhook.change", id, changed.url());
    return changed;
  }

  @Transactional
  public Webhook newSecret(Caller caller, String id) {
    Webhook changed = get(caller.teamId(), id).withNextSecret();
    store.update(changed);
    audit.record(caller, "webhook.secret", id, null);
    return changed;
  }

  @Transactional
  public void delete(Caller caller, String id) {
    Webhook old = get(caller.teamId(), id);
    store.delete(id);
    audit.record(caller, "webhook.delete", id, old.url());
  }

  @Transactional
  public void ping(Caller caller, String id) {
    get(caller.teamId(), id);
    outbox.tellOne(caller.teamId(), id, EventKind.PING, Map.of("askedBy", caller.userId()));
  }

  @Transactional(readOnly = true)
  public List<DeliveryView> deliveries(String teamId, String id, int most) {
    return store.deliveries(get(teamId, id).id(), most);
  }

  @Transactional
  public void retry(Caller caller, String id, long delivery) {
    get(caller.teamId(), id);
    if (!store.retry(id, delivery, Timestamp.from(clock.instant()))) {
      throw new UnmaskException(
          ErrorCode.CONFLICT,
          "webhook " + id + " has no message " + delivery + " that was given up");
    }
  }

  private Webhook changed(Webhook old, WebhookSettings settings) {
    for (int i = 0; i < settings.events().size(); i++) {
      EventKind.of("events[" + i + "]", settings.events().get(i));
    }
    String description = settings.description();
    return old.with(
        targets.checked(settings.url()).toString(),
        description == null ? "" : description,
        settings.events().stream().distinct().sorted().toList(),
        !Boolean.FALSE.equals(settings.active()));
  }

  private static UnmaskException unknown(String id) {
    return new UnmaskException(ErrorCode.WEBHOOK_NOT_FOUND, "there is no webhook '" + id + "'");
  }
}
