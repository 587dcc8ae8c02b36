package dev.unmask.registry.imports;

import dev.unmask.registry.api.ImportsApi.StartImport;
import dev.unmask.registry.identity.DerivedSecrets;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps what a source asks for while an import may have to be taken up again: encrypted by a key
 * that is not in the database, and bound to the import.
 */
@Component
class Credentials {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final DerivedSecrets secrets;
  private final SecureRandom random;

  Credentials(DerivedSecrets secrets, SecureRandom random) {
    this.secrets = secrets;
    this.random = random;
  }

  /** The value of the header {@code Authorization}; null where none was given. */
  static @Nullable String authorization(StartImport request) {
    String token = request.token();
    String user = request.username();
    String password = request.password();
    if (token != null && !token.isEmpty()) {
      if (user != null || password != null) {
        throw UnmaskException.ofField(
            ErrorCode.INVALID_REQUEST, "token", "must not come with a username or password");
      }
      return "Bearer " + token;
    }
    if ((user == null) != (password == null)) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST, "password", "must come with a username");
    }
    return user == null
        ? null
        : "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  byte[] seal(String importId, String text) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] sealed =
        crypt(Cipher.ENCRYPT_MODE, importId, nonce, text.getBytes(StandardCharsets.UTF_8));
    byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE, sealed.length);
    return all;
  }

  /**
   * @throws SourceFault.Refused when the registry's key is another one than when it was sealed
   */
  String open(String importId, byte[] sealed) {
    byte[] nonce = Arrays.copyOf(sealed, NONCE);
    byte[] rest = Arrays.copyOfRange(sealed, NONCE, sealed.length);
    return new String(crypt(Cipher.DECRYPT_MODE, importId, nonce, rest), StandardCharsets.UTF_8);
  }

  private byte[] crypt(int mode, String importId, byte[] nonce, byte[] bytes) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      SecretKeySpec key = new SecretKeySpec(secrets.of("credentials of imports"), "AES");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(importId.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException failure) {
      throw new SourceFault.Refused(
          "the credentials can't be read since the registry's key changed: begin a new import");
    }
  }
}
