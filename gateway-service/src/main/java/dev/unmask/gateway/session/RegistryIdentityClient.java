package dev.unmask.gateway.session;

import io.netty.channel.ChannelOption;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The connections for exchanges: few, and apart from those that forward requests. */
@Configuration(proxyBeanMethods = false)
class RegistryIdentityClient {
  private static final int CONNECT_MILLIS = 2000;

  @Bean
  RegistryIdentity registryIdentity(RegistryProperties registry) {
    ConnectionProvider connections =
        ConnectionProvider.builder("identity")
            .maxConnections(16)
            .pendingAcquireMaxCount(-1)
            .maxIdleTime(Duration.ofSeconds(10))
            .build();
    HttpClient client =
        HttpClient.create(connections).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    WebClient web =
        WebClient.builder()
            .baseUrl(registry.url().toString())
            .clientConnector(new ReactorClientHttpConnector(client))
            .build();
    return HttpServiceProxyFactory.builderFor(WebClientAdapter.create(web))
        .build()
        .createClient(RegistryIdentity.class);
  }
}
