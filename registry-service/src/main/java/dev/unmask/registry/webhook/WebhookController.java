package dev.unmask.registry.webhook;

import dev.unmask.registry.api.WebhooksApi.DeliveryView;
import dev.unmask.registry.api.WebhooksApi.WebhookSecret;
import dev.unmask.registry.api.WebhooksApi.WebhookSettings;
import dev.unmask.registry.api.WebhooksApi.WebhookView;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.WebhooksApi}. */
@RestController
@RequestMapping("/api/v1/registry/webhooks")
@RequiresRole(Role.ADMIN)
class WebhookController {
  private final WebhookService webhooks;
  private final WebhookSignature signature;

  WebhookController(WebhookService webhooks, WebhookSignature signature) {
    this.webhooks = webhooks;
    this.signature = signature;
  }

  @GetMapping
  List<WebhookView> list(Caller caller) {
    return webhooks.all(caller.teamId()).stream().map(WebhookController::view).toList();
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  WebhookSecret create(Caller caller, @Valid @RequestBody WebhookSettings settings) {
    return withSecret(webhooks.create(caller, settings));
  }

  @GetMapping("/{id}")
  WebhookView get(Caller caller, @PathVariable String id) {
    return view(webhooks.get(caller.teamId(), id));
  }

  @PutMapping("/{id}")
  WebhookView change(
      Caller caller, @PathVariable String id, @Valid @RequestBody WebhookSettings settings) {
    return view(webhooks.change(caller, id, settings));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(Caller caller, @PathVariable String id) {
    webhooks.delete(caller, id);
  }

  @PostMapping("/{id}/secret")
  WebhookSecret newSecret(Caller caller, @PathVariable String id) {
    return withSecret(webhooks.newSecret(caller, id));
  }

  @PostMapping("/{id}/ping")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void ping(Caller caller, @PathVariable String id) {
    webhooks.ping(caller, id);
  }

  @GetMapping("/{id}/deliveries")
  List<DeliveryView> deliveries(
      Caller caller,
      @PathVariable String id,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return webhooks.deliveries(caller.teamId(), id, most);
  }

  @PostMapping("/{id}/deliveries/{delivery}/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void retry(Caller caller, @PathVariable String id, @PathVariable long delivery) {
    webhooks.retry(caller, id, delivery);
  }

  private WebhookSecret withSecret(Webhook webhook) {
    return new WebhookSecret(view(webhook), signature.secret(webhook.id(), webhook.secretNumber()));
  }

  private static WebhookView view(Webhook webhook) {
    return new WebhookView(
        webhook.id(),
        webhook.url(),
        webhook.description(),
        webhook.events(),
        webhook.active(),
        webhook.createdBy(),
        webhook.createdAt());
  }
}
