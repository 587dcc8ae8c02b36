package dev.unmask.registry.webhook;

import java.time.Instant;
import java.util.List;

/**
 * @param secretNumber how many secrets it has had
 */
record Webhook(
    String id,
    String teamId,
    String url,
    String description,
    List<String> events,
    boolean active,
    int secretNumber,
    String createdBy,
    Instant createdAt) {

  /** The same webhook with other settings. */
  Webhook with(String newUrl, String newDescription, List<String> newEvents, boolean nowActive) {
    return new Webhook(
        id,
        teamId,
        newUrl,
        newDescription,
        newEvents,
        nowActive,
        secretNumber,
        createdBy,
        createdAt);
  }

  /** The same webhook with its next secret. */
  Webhook withNextSecret() {
    return new Webhook(
        id, teamId, url, description, events, active, secretNumber + 1, createdBy, createdAt);
  }
}
