package dev.unmask.support.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.Problem;
import dev.unmask.support.observability.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Every service verifies the gateway's signed tokens itself and checks the role of each route. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MetricsProperties.class)
public class ServiceSecurity implements WebMvcConfigurer {
  /** Issuer and audience of the suite's tokens. */
  public static final String ISSUER = "unmask";

  /** Some 2 kB each. */
  private static final int REMEMBERED_TOKENS = 2_000;

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new RouteRoles());
  }

  @Override
  public void addArgumentResolvers(
      List<org.springframework.web.method.support.HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new CallerArgument());
  }

  @Bean
  SecurityFilterChain serviceRoutes(
      HttpSecurity http, JsonMapper json, MetricsProperties properties) {
    MetricsAccess metrics = new MetricsAccess(properties);
    // Roles are checked where the handler is known, by RouteRoles; here only the token is verified.
    // The management endpoints have handlers of the framework, so they are guarded here.
    return http.csrf(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .authorizeHttpRequests(
            a ->
                a.requestMatchers("/actuator/health", "/actuator/health/**")
                    .permitAll()
                    .requestMatchers("/actuator", "/actuator/**")
                    .access(
                        (caller, request) ->
                            new AuthorizationDecision(
                                metrics.grants(caller.get(), request.getRequest())))
                    .anyRequest()
                    .permitAll())
        .oauth2ResourceServer(
            o ->
                o.jwt(j -> {})
                    .authenticationEntryPoint((rq, rs, failure) -> unauthenticated(rq, rs, json))
                    .accessDeniedHandler((rq, rs, failure) -> forbidden(rq, rs, json)))
        .build();
  }

  @Bean
  SmartInitializingSingleton refuseUndeclaredRoutes(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
    return () -> {
      List<String> missing = RouteRoles.undeclared(mappings.getHandlerMethods().values());
      if (!missing.isEmpty()) {
        throw new IllegalStateException(
            "routes without a stated role, add @RequiresRole or @PublicRoute: " + missing);
      }
    };
  }

  @Bean
  @ConditionalOnMissingBean
  JwtDecoder jwtDecoder(Environment environment) throws IOException {
    String registry = environment.getProperty("unmask.registry.url", "http://127.0.0.1:8081");
    return decoder(keys(URI.create(registry + "/api/v1/identity/jwks")));
  }

  /** A decoder that checks signature, issuer, audience and expiry against the given keys. */
  public static JwtDecoder decoder(JWKSource<SecurityContext> keys) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
    // Spring's validators below judge the claims.
    processor.setJWTClaimsSetVerifier((claims, context) -> {});
    var decoder = new NimbusJwtDecoder(processor);
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createDefaultWithIssuer(ISSUER),
            new JwtClaimValidator<List<String>>(
                "aud", audience -> audience != null && audience.contains(ISSUER))));
    return new VerifiedTokens(decoder, Clock.systemUTC(), REMEMBERED_TOKENS);
  }

  private static JWKSource<SecurityContext> keys(URI address) throws IOException {
    // Keys outlive an outage of the registry, so running deployments stay reachable.
    return JWKSourceBuilder.create(
            address.toURL(), new DefaultResourceRetriever(2_000, 5_000, 100_000))
        .retrying(true)
        .outageTolerant(Duration.ofHours(4).toMillis())
        .build();
  }

  private static void unauthenticated(
      HttpServletRequest request, HttpServletResponse response, JsonMapper json)
      throws IOException {
    response.setHeader("WWW-Authenticate", "Bearer");
    refuse(
        request,
        response,
        json,
        ErrorCode.UNAUTHENTICATED,
        "the token is not valid here or has expired");
  }

  private static void forbidden(
      HttpServletRequest request, HttpServletResponse response, JsonMapper json)
      throws IOException {
    refuse(request, response, json, ErrorCode.FORBIDDEN, "this token does not open metrics");
  }

  private static void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      JsonMapper json,
      ErrorCode code,
      String detail)
      throws IOException {
    response.setStatus(code.status().value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    json.writeValue(
        response.getOutputStream(),
        Problem.of(code, detail, List.of(), request.getRequestURI(), RequestId.current()));
  }
}
