package dev.unmask.registry.webhook;

import dev.unmask.registry.identity.DerivedSecrets;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Signs messages as the Standard Webhooks specification says: HMAC-SHA256 over id, time and body,
 * so that its libraries verify them and an old message can't be played again.
 */
@Component
class WebhookSignature {
  private static final String PREFIX = "whsec_";

  private final DerivedSecrets secrets;

  WebhookSignature(DerivedSecrets secrets) {
    this.secrets = secrets;
  }

  /** What the receiver verifies with. */
  String secret(String webhook, int number) {
    return PREFIX + Base64.getEncoder().encodeToString(key(webhook, number));
  }

  /**
   * The header {@code webhook-signature}.
   *
   * @param time seconds since the epoch
   */
  String of(String webhook, int number, String messageId, long time, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(webhook, number), "HmacSHA256"));
      String signed = messageId + "." + time + "." + body;
      return "v1,"
          + Base64.getEncoder()
              .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private byte[] key(String webhook, int number) {
    return secrets.of("webhook " + webhook + " " + number);
  }
}
