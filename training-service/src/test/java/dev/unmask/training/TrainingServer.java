package dev.unmask.training;

import dev.unmask.testing.Await;
import dev.unmask.testing.TestDatabase;
import dev.unmask.testing.TestTokens;
import dev.unmask.training.api.CorporaApi;
import dev.unmask.training.api.CorpusView;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.JobsApi;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.pipeline.TrainingEngine;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.InputStreamResource;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** The whole application on a free port, and its clients. */
public final class TrainingServer implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  /**
   * @param engine stands in for the library; null for the real one
   */
  public TrainingServer(
      TestDatabase database,
      FakeRegistry registry,
      Path data,
      @Nullable TrainingEngine engine,
      Map<String, String> settings) {
    SpringApplication application = TrainingApplication.application();
    if (engine != null) {
      application.addInitializers(
          started ->
              ((GenericApplicationContext) started)
                  .registerBean(
                      "engineOfTheTest",
                      TrainingEngine.class,
                      () -> engine,
                      bean -> bean.setPrimary(true)));
    }
    context = application.run(arguments(database, registry, data, settings));
    url = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
  }

  public static String[] arguments(
      TestDatabase database, FakeRegistry registry, Path data, Map<String, String> settings) {
    List<String> arguments = new ArrayList<>();
    database.springProperties().forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.add("--server.port=0");
    arguments.add("--unmask.registry.url=" + registry.url());
    arguments.add("--unmask.service-token=umk_test");
    arguments.add("--unmask.training.data-directory=" + data);
    arguments.add("--unmask.training.worker.poll=50ms");
    arguments.add("--unmask.training.tracking.poll=50ms");
    arguments.add("--unmask.training.tracking.longest-pause=200ms");
    arguments.add("--unmask.training.events.poll=50ms");
    if (!settings.containsKey("unmask.training.origin.git")) {
      // What a test finds must not depend on whether its source has changes.
      arguments.add("--unmask.training.origin.git=false");
    }
    settings.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    return arguments.toArray(String[]::new);
  }

  public String url() {
    return url;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public <T> T client(Class<T> contract, String team, String role) {
    RestClient rest =
        RestClient.builder()
            .baseUrl(url)
            .defaultHeader("Authorization", "Bearer " + TestTokens.jwt("ada", team, role))
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest))
        .build()
        .createClient(contract);
  }

  public CorporaApi corpora() {
    return client(CorporaApi.class, "red", "member");
  }

  public JobsApi jobs() {
    return client(JobsApi.class, "red", "member");
  }

  public CorpusView upload(String name, String text) {
    return corpora()
        .upload(
            name,
            new InputStreamResource(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
  }

  public CorpusView uploadAnswers(String name, String lines) {
    return corpora()
        .uploadAnswers(
            name,
            new InputStreamResource(
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8))));
  }

  public JobView submit(SubmitJob spec) {
    return jobs().submit(spec);
  }

  public JobView awaitStatus(String job, JobStatus status) {
    Await.until(
        "job " + job + " is " + status,
        Duration.ofSeconds(120),
        () -> {
          JobStatus now = jobs().get(job).status();
          return now == status || now == JobStatus.FAILED;
        });
    JobView view = jobs().get(job);
    if (view.status() != status) {
      throw new AssertionError("job " + job + " failed: " + view.failure());
    }
    return view;
  }

  /** Any request, for what the contracts do not allow. */
  public HttpResponse<String> send(
      String method, String path, String role, String contentType, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Content-Type", contentType);
    if (!role.isEmpty()) {
      request.header("Authorization", "Bearer " + TestTokens.jwt("ada", "red", role));
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** As SIGTERM does it. */
  @Override
  public void close() {
    context.close();
  }
}
