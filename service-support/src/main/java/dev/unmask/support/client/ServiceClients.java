package dev.unmask.support.client;

import dev.unmask.support.observability.RequestId;
import java.net.http.HttpClient;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Makes clients of other services' contracts: service token, request id and timeouts included. */
public final class ServiceClients {
  private final RestClient.Builder builder;
  private final PeerProperties peers;
  private final ServiceTokenProvider tokens;

  ServiceClients(RestClient.Builder builder, PeerProperties peers, ServiceTokenProvider tokens) {
    this.builder = builder;
    this.peers = peers;
    this.tokens = tokens;
  }

  /** A proxy of an {@code @HttpExchange} interface. */
  public <T> T create(Class<T> contract, String baseUrl) {
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(restClient(baseUrl)))
        .build()
        .createClient(contract);
  }

  /** For streamed bodies, which the contracts do not model. */
  public RestClient restClient(String baseUrl) {
    return plain(builder, peers, baseUrl).mutate().requestInitializer(this::authenticate).build();
  }

  static RestClient plain(RestClient.Builder builder, PeerProperties peers, String baseUrl) {
    // HTTP/1.1: an upgrade offer on a request with a streamed body only costs a round trip.
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(peers.connectTimeout())
            .build();
    JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
    factory.setReadTimeout(peers.readTimeout());
    return builder.clone().baseUrl(baseUrl).requestFactory(factory).build();
  }

  /** An initializer, not an interceptor: interceptors hold the whole body in memory. */
  private void authenticate(ClientHttpRequest request) {
    request.getHeaders().setBearerAuth(tokens.jwt());
    String requestId = RequestId.current();
    if (requestId != null) {
      request.getHeaders().set(RequestId.HEADER, requestId);
    }
  }
}
