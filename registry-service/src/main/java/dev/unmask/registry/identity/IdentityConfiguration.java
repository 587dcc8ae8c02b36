package dev.unmask.registry.identity;

import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import dev.unmask.support.security.ServiceSecurity;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;

@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {

  @Bean
  TokenSigner tokenSigner(IdentityProperties properties) {
    return TokenSigner.of(properties.signingKeyFile());
  }

  @Bean
  DerivedSecrets derivedSecrets(TokenSigner signer) {
    return signer.derived();
  }

  /** The registry verifies with its own key instead of asking itself over HTTP. */
  @Bean
  JwtDecoder jwtDecoder(TokenSigner signer, RevokedTokens revoked) {
    return revoked.guarding(ServiceSecurity.decoder(new ImmutableJWKSet<>(signer.publicKeys())));
  }

  @Bean
  SecureRandom secureRandom() {
    return new SecureRandom();
  }
}
