package dev.unmask.registry.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/** Signs JWTs (ES256) with a key that outlives restarts; tells its public half. */
final class TokenSigner {
  private final ECKey key;
  private final ECDSASigner signer;

  private TokenSigner(ECKey key) throws JOSEException {
    this.key = key;
    this.signer = new ECDSASigner(key);
  }

  /** The key of the file, made when the file is absent; replicas that share the file share it. */
  static TokenSigner of(Path file) {
    try {
      if (!Files.exists(file)) {
        ECKey fresh = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        PrivateFile.writeIfAbsent(file, fresh.toJSONString());
      }
      return new TokenSigner(ECKey.parse(Files.readString(file)));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read the signing key " + file, failure);
    } catch (ParseException | JOSEException broken) {
      throw new IllegalStateException(
          "the signing key " + file + " is damaged: remove it, a new one is made", broken);
    }
  }

  JWKSet publicKeys() {
    return new JWKSet(key.toPublicJWK());
  }

  /** Secrets for other purposes, from which the key can't be found. */
  DerivedSecrets derived() {
    return new DerivedSecrets(key.getD().decode());
  }

  String sign(JWTClaimsSet claims) {
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException impossible) {
      throw new IllegalStateException("cannot sign", impossible);
    }
  }
}
