package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Addresses that are told what happens in a team; for its administrators. Messages are JSON {@code
 * {"type", "timestamp", "data"}} by POST, signed as the Standard Webhooks specification says, and
 * sent again for hours until one attempt is answered 2xx: a receiver may see one twice, by the same
 * {@code webhook-id}.
 */
@HttpExchange("/api/v1/registry/webhooks")
public interface WebhooksApi {

  /** The team's webhooks, oldest first. */
  @GetExchange
  List<WebhookView> list();

  /**
   * Makes a webhook.
   *
   * @return 201 with the secret, which is shown this once
   */
  @PostExchange
  WebhookSecret create(@Valid @RequestBody WebhookSettings settings);

  /** One webhook; 404 when the team has none of this id. */
  @GetExchange("/{id}")
  WebhookView get(@PathVariable String id);

  /** Replaces what a webhook is told and where; its secret stays. */
  @PutExchange("/{id}")
  WebhookView change(@PathVariable String id, @Valid @RequestBody WebhookSettings settings);

  /** Removes a webhook with all its messages; 204. */
  @DeleteExchange("/{id}")
  void delete(@PathVariable String id);

  /** Makes a new secret; the old one is worth nothing from then on. */
  @PostExchange("/{id}/secret")
  WebhookSecret newSecret(@PathVariable String id);

  /** Sends a message of type {@code ping}; 202. */
  @PostExchange("/{id}/ping")
  void ping(@PathVariable String id);

  /** The newest messages, the last one first. */
  @GetExchange("/{id}/deliveries")
  List<DeliveryView> deliveries(
      @PathVariable String id, @RequestParam(name = "max_results", defaultValue = "100") int most);

  /** Sends a message that was given up once more; 202. */
  @PostExchange("/{id}/deliveries/{delivery}/retry")
  void retry(@PathVariable String id, @PathVariable long delivery);

  /**
   * @param url by https, on the public internet
   * @param events types of messages, for instance {@code run.failed}
   */
  record WebhookSettings(
      @NotBlank String url,
      @Nullable @Size(max = 500) String description,
      @NotNull @NotEmpty @Size(max = 20) List<@NotBlank String> events,
      @Nullable Boolean active) {}

  record WebhookView(
      String id,
      String url,
      String description,
      List<String> events,
      boolean active,
      String createdBy,
      Instant createdAt) {}

  /**
   * @param secret {@code whsec_} and base64
   */
  record WebhookSecret(WebhookView webhook, String secret) {}

  /**
   * @param state {@code waiting}, {@code delivered} or {@code failed}
   * @param nextAt when it is tried again, while it waits
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliveryView(
      long id,
      String messageId,
      String event,
      String state,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastError,
      Instant createdAt,
      @Nullable Instant nextAt,
      @Nullable Instant endedAt) {}
}
