package dev.unmask.support.client;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** Beans for calls to other services. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PeerProperties.class)
public class PeerClients {

  @Bean
  ServiceTokenProvider serviceTokenProvider(RestClient.Builder builder, PeerProperties peers) {
    String registry = peers.registry().url().toString();
    return new ServiceTokenProvider(
        ServiceClients.plain(builder, peers, registry), peers, Clock.systemUTC());
  }

  @Bean
  ServiceClients serviceClients(
      RestClient.Builder builder, PeerProperties peers, ServiceTokenProvider tokens) {
    return new ServiceClients(builder, peers, tokens);
  }
}
