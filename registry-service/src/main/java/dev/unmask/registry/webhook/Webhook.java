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
    Instant createdAt) {}
