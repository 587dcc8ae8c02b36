package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.api.MlflowTrackingApi;
import dev.unmask.registry.api.MlflowTrackingApi.CreateExperiment;
import dev.unmask.registry.api.MlflowTrackingApi.CreateModelVersion;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRegisteredModel;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRun;
import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.LogBatch;
import dev.unmask.registry.api.MlflowTrackingApi.Metric;
import dev.unmask.registry.api.MlflowTrackingApi.SetAlias;
import dev.unmask.registry.api.MlflowTrackingApi.UpdateRun;
import dev.unmask.registry.api.ModelsApi;
import dev.unmask.registry.api.SeriesApi;
import dev.unmask.registry.api.SeriesApi.Axis;
import dev.unmask.registry.api.SeriesApi.Bucket;
import dev.unmask.registry.api.SeriesApi.Curve;
import dev.unmask.registry.api.SeriesApi.NonFinite;
import dev.unmask.registry.api.SeriesApi.Point;
import dev.unmask.registry.api.SeriesApi.SeriesRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** The contracts of registry-api, called as other services call them. */
class ContractIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final String team = "contract-" + UUID.randomUUID();
  private final MlflowTrackingApi tracking = contract(MlflowTrackingApi.class);
  private final ModelsApi models = contract(ModelsApi.class);

  @Test
  void carriesATrainingJobFromItsExperimentToItsChampion(@TempDir Path folder) throws IOException {
    registry.team(team);
    assertThatThrownBy(() -> tracking.experimentByName(team, "demo"))
        .isInstanceOf(HttpClientErrorException.NotFound.class)
        .hasMessageContaining("Could not find experiment with name 'demo'");
    String experiment =
        tracking.createExperiment(team, new CreateExperiment("demo", List.of())).experimentId();
    assertThat(tracking.experimentByName(team, "demo").experiment().experimentId())
        .isEqualTo(experiment);
    String run =
        tracking
            .createRun(team, new CreateRun(experiment, "job", "owner", 1L, List.of()))
            .run()
            .info()
            .runId();
    tracking.logBatch(
        team,
        new LogBatch(
            run,
            List.of(
                new Metric("train/loss", 5.5, 10, 1), new Metric("train/loss", Double.NaN, 11, 2)),
            List.of(new KeyValue("layers", "4")),
            List.of(new KeyValue("unmask.job", "j"))));
    Path config = Files.writeString(folder.resolve("config.json"), "{\"a\": 1}");
    Path weights = Files.write(folder.resolve("model.safetensors"), new byte[100_000]);
    for (Path file : List.of(config, weights)) {
      String name = file.getFileName().toString();
      tracking.putArtifact(team, experiment, run, "model", name, new FileSystemResource(file));
    }
    tracking.createRegisteredModel(team, new CreateRegisteredModel("demo", null, List.of()));
    var version =
        tracking
            .createModelVersion(
                team,
                new CreateModelVersion("demo", "runs:/" + run + "/model", run, null, List.of()))
            .modelVersion();
    tracking.setAlias(team, new SetAlias("demo", "champion", version.version()));
    tracking.updateRun(team, new UpdateRun(run, "FINISHED", 12L));

    assertThat(tracking.run(team, run).run().info().status()).isEqualTo("FINISHED");
    var champion = models.version(team, "demo", "@champion");
    assertThat(champion.version()).isEqualTo(1);
    assertThat(champion.runId()).isEqualTo(run);
    assertThat(champion.files())
        .extracting(ModelsApi.ModelFile::path, ModelsApi.ModelFile::size)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("config.json", 8L),
            org.assertj.core.groups.Tuple.tuple("model.safetensors", 100_000L));
    assertThat(models.list(team)).hasSize(1);
    assertThat(models.get(team, "demo").aliases()).isEqualTo(Map.of("champion", 1));
    byte[] file =
        client()
            .get()
            .uri(ModelsApi.FILE_PATH, "demo", "1", "config.json")
            .header(ModelsApi.TEAM_HEADER, team)
            .retrieve()
            .body(byte[].class);
    assertThat(file).isEqualTo(Files.readAllBytes(config));
  }

  @Test
  void readsCurvesAsTheyWereLogged() {
    registry.team(team);
    String experiment =
        tracking.createExperiment(team, new CreateExperiment("curves", List.of())).experimentId();
    String run =
        tracking
            .createRun(team, new CreateRun(experiment, "job", "owner", 100L, List.of()))
            .run()
            .info()
            .runId();
    tracking.logBatch(
        team,
        new LogBatch(
            run,
            List.of(
                new Metric("m", 5.5, 110, 1),
                new Metric("m", Double.NaN, 120, 2),
                new Metric("m", -3, 130, 3)),
            List.of(),
            List.of()));
    SeriesApi series = contract(SeriesApi.class);

    var points =
        series.read(
            team, new SeriesRequest(List.of(run), List.of("m"), Axis.RELATIVE, null, null, null));
    var buckets = series.read(team, new SeriesRequest(List.of(run), List.of("m"), null, 1L, 3L, 1));

    NonFinite oneNan = new NonFinite(1, 0, 0);
    assertThat(points.series())
        .containsExactly(
            new Curve(
                run,
                "m",
                3,
                oneNan,
                List.of(new Point(10, 5.5), new Point(20, Double.NaN), new Point(30, -3)),
                null));
    assertThat(buckets.series())
        .containsExactly(
            new Curve(
                run,
                "m",
                3,
                oneNan,
                null,
                List.of(
                    new Bucket(
                        3,
                        new Point(1, 5.5),
                        new Point(3, -3),
                        new Point(3, -3),
                        new Point(1, 5.5),
                        oneNan))));
  }

  private <T> T contract(Class<T> type) {
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client()))
        .build()
        .createClient(type);
  }

  private RestClient client() {
    return RestClient.builder()
        .requestFactory(new JdkClientHttpRequestFactory())
        .baseUrl(registry.url())
        .defaultHeader("Authorization", "Bearer " + registry.exchange(registry.serviceToken()))
        .build();
  }
}
