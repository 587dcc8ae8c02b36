package dev.unmask.registry.webhook;

import dev.unmask.registry.model.AliasChange;
import dev.unmask.registry.model.AliasMoved;
import dev.unmask.registry.model.VersionCreated;
import dev.unmask.registry.run.RunEnded;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Turns what the registry's features tell each other into messages. */
@Component
class TeamNews {
  private final Outbox outbox;

  TeamNews(Outbox outbox) {
    this.outbox = outbox;
  }

  @EventListener
  void on(RunEnded run) {
    EventKind kind =
        switch (run.status()) {
          case FAILED -> EventKind.RUN_FAILED;
          case KILLED -> EventKind.RUN_KILLED;
          default -> EventKind.RUN_FINISHED;
        };
    outbox.tell(run.teamId(), kind, Map.of("runId", run.runId(), "name", run.name()));
  }

  @EventListener
  void on(VersionCreated created) {
    Map<String, Object> data = new TreeMap<>();
    data.put("model", created.model());
    data.put("version", created.version());
    data.put("digest", created.digest());
    put(data, "runId", created.runId());
    outbox.tell(created.teamId(), EventKind.VERSION_CREATED, data);
  }

  @EventListener
  void on(AliasMoved moved) {
    AliasChange change = moved.change();
    Map<String, Object> data = new TreeMap<>();
    data.put("model", moved.model());
    data.put("alias", moved.alias());
    data.put("kind", change.kind().wireName());
    put(data, "version", change.version());
    put(data, "previous", change.previous());
    outbox.tell(moved.teamId(), EventKind.ALIAS_MOVED, data);
  }

  private static void put(Map<String, Object> data, String key, @Nullable Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }
}
