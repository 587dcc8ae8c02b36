package dev.unmask.registry.identity;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that are computed from the registry's signing key when they are needed, so that no table
 * holds them: a copy of the database gives none of them away.
 */
public final class DerivedSecrets {
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  DerivedSecrets(byte[] key) {
    this.key = new SecretKeySpec(key, HMAC);
  }

  /**
   * @param label what the secret is for; the same label gives the same secret as long as the
   *     signing key stays
   * @return 32 bytes
   */
  public byte[] of(String label) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(label.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
