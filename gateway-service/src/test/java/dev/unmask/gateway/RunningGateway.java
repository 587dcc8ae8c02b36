package dev.unmask.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** The gateway before the fake services, and a plain client to ask it. */
final class RunningGateway implements AutoCloseable {
  final FakeServices services;
  final ConfigurableApplicationContext context;
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RunningGateway(FakeServices services, ConfigurableApplicationContext context) {
    this.services = services;
    this.context = context;
  }

  static RunningGateway start(String... arguments) {
    FakeServices services = FakeServices.start();
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--unmask.registry.url=" + services.url(),
                "--unmask.training.url=" + services.url(),
                "--unmask.inference.url=" + services.url()));
    all.addAll(List.of(arguments));
    return new RunningGateway(
        services, GatewayApplication.application().run(all.toArray(String[]::new)));
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  HttpRequest.Builder signed(String path) {
    return request(path).header("Authorization", "Bearer " + FakeServices.GOOD_TOKEN);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.close();
    services.close();
  }
}
