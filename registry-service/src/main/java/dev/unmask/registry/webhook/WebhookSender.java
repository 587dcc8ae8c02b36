package dev.unmask.registry.webhook;

import dev.unmask.registry.outbound.OutboundClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends what waits in the outbox. Answers 200 to 299 count, redirects are not followed, and of an
 * answer nothing but its status is read.
 */
@Component
@EnableScheduling
class WebhookSender implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

  /** Messages of one look, so that other scheduled work gets its turn. */
  private static final int AT_ONCE = 50;

  private final Outbox outbox;
  private final WebhookTarget targets;
  private final WebhookSignature signature;
  private final WebhookProperties properties;
  private final Clock clock;
  private final CloseableHttpClient http;

  WebhookSender(
      Outbox outbox,
      WebhookTarget targets,
      WebhookSignature signature,
      WebhookProperties properties,
      Clock clock) {
    this.outbox = outbox;
    this.targets = targets;
    this.signature = signature;
    this.properties = properties;
    this.clock = clock;
    this.http = OutboundClient.of(targets, properties.timeout(), "unmask-webhooks");
  }

  @Scheduled(fixedDelayString = "${unmask.registry.webhooks.every:2s}")
  void send() {
    // Longer than any attempt takes, so that nobody else sends the message meanwhile.
    Duration lease = properties.timeout().multipliedBy(4);
    for (int sent = 0; sent < AT_ONCE; sent++) {
      Outbox.Waiting message = outbox.claim(lease);
      if (message == null) {
        return;
      }
      send(message);
    }
  }

  private void send(Outbox.Waiting message) {
    try {
      URI target = targets.checked(message.url());
      int status = http.execute(request(target, message), response -> response.getCode());
      if (status >= 200 && status < 300) {
        outbox.delivered(message.id(), status);
      } else {
        failed(message, status, "answered " + status);
      }
    } catch (IOException unreachable) {
      failed(message, null, "not reachable: " + unreachable.getClass().getSimpleName());
    } catch (RuntimeException refused) {
      failed(message, null, "not sent: " + refused.getMessage());
    }
  }

  private HttpPost request(URI target, Outbox.Waiting message) {
    long time = clock.instant().getEpochSecond();
    HttpPost post = new HttpPost(target);
    post.setHeader("webhook-id", message.messageId());
    post.setHeader("webhook-timestamp", Long.toString(time));
    post.setHeader(
        "webhook-signature",
        signature.of(
            message.webhookId(),
            message.secretNumber(),
            message.messageId(),
            time,
            message.body()));
    post.setEntity(
        new StringEntity(
            message.body(), ContentType.create("application/json", StandardCharsets.UTF_8)));
    return post;
  }

  private void failed(Outbox.Waiting message, @Nullable Integer status, String error) {
    List<Duration> pauses = properties.pauses();
    Duration pause =
        message.attempts() <= pauses.size() ? pauses.get(message.attempts() - 1) : null;
    log.info("webhook {}: {} ({})", message.webhookId(), error, pause == null ? "given up" : pause);
    outbox.failed(message.id(), status, error, pause);
  }

  @Override
  public void destroy() throws IOException {
    http.close();
  }
}
