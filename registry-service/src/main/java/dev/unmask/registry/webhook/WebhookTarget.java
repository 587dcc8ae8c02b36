package dev.unmask.registry.webhook;

import dev.unmask.registry.outbound.OutboundTargets;
import org.springframework.stereotype.Component;

/** Which addresses messages may go to. */
@Component
class WebhookTarget extends OutboundTargets {

  WebhookTarget(WebhookProperties properties) {
    super(properties.ports(), properties.trustedTargets());
  }
}
