package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.RegistryServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** {@code org.mlflow:mlflow-client}, unchanged, against the registry. */
class JavaClientIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final MlflowClient client =
      new MlflowClient(
          new BasicMlflowHostCreds(registry.url(), registry.exchange(registry.ownerToken())));
  private final String unique = "java-" + UUID.randomUUID();

  @Test
  void usesTheDefaultExperimentWithoutBeingToldOfIt() {
    RunInfo run = client.createRun();

    assertThat(run.getExperimentId()).isEqualTo("0");
    assertThat(client.getExperiment("0").getName()).isEqualTo("Default");
    assertThat(run.getArtifactUri())
        .isEqualTo("mlflow-artifacts:/0/" + run.getRunId() + "/artifacts");
  }

  @Test
  void createsFindsRenamesDeletesAndRestoresExperiments() {
    String id = client.createExperiment(unique);
    client.setExperimentTag(id, "purpose", "test");

    Experiment found = client.getExperimentByName(unique).orElseThrow();
    assertThat(found.getExperimentId()).isEqualTo(id);
    assertThat(found.getTags(0).getValue()).isEqualTo("test");
    assertThat(client.getExperimentByName("nope-" + unique)).isEmpty();
    assertThatThrownBy(() -> client.createExperiment(unique))
        .isInstanceOf(MlflowHttpException.class)
        .hasMessageContaining("400");

    client.renameExperiment(id, unique + "-new");
    client.deleteExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
    client.restoreExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("active");
    assertThat(client.searchExperiments("name = '" + unique + "-new'").getItems()).hasSize(1);
  }

  @Test
  void logsToARunAndReadsItBack() {
    String experiment = client.createExperiment(unique);
    String run = client.createRun(experiment).getRunId();

    client.logParam(run, "p", "1");
    client.logMetric(run, "m", 1.5, 1_000, 1);
    client.logMetric(run, "m", 0.5, 2_000, 2);
    client.logMetric(run, "nan", Double.NaN, 1, 1);
    client.logMetric(run, "inf", Double.POSITIVE_INFINITY, 1, 1);
    client.setTag(run, "x", "y");
    client.logBatch(
        run,
        List.of(metric("b", 2, 5)),
        List.of(Param.newBuilder().setKey("q").setValue("2").build()),
        List.of(RunTag.newBuilder().setKey("t").setValue("3").build()));
    client.deleteTag(run, "x");
    client.setTerminated(run, RunStatus.FINISHED, 9);

    Run stored = client.getRun(run);
    assertThat(stored.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(stored.getInfo().getEndTime()).isEqualTo(9);
    assertThat(stored.getData().getParamsList())
        .extracting(Param::getKey)
        .containsExactly("p", "q");
    assertThat(stored.getData().getTagsList())
        .extracting(RunTag::getKey)
        .containsExactly("mlflow.runName", "t");
    assertThat(stored.getData().getMetricsList())
        .extracting(Metric::getKey, Metric::getValue)
        .contains(
            org.assertj.core.groups.Tuple.tuple("m", 0.5),
            org.assertj.core.groups.Tuple.tuple("nan", Double.NaN),
            org.assertj.core.groups.Tuple.tuple("inf", Double.POSITIVE_INFINITY));
    assertThat(client.getMetricHistory(run, "m"))
        .extracting(Metric::getStep)
        .containsExactly(1L, 2L);
  }

  @Test
  void readsAHistoryThatIsLongerThanItsPage() {
    String run = client.createRun(client.createExperiment(unique)).getRunId();
    for (int start = 0; start <= 25_000; start += 1_000) {
      List<Metric> points = new ArrayList<>();
      for (int i = start; i < Math.min(25_001, start + 1_000); i++) {
        points.add(metric("big", i, i));
      }
      client.logBatch(run, points, List.of(), List.of());
    }

    assertThat(client.getMetricHistory(run, "big")).hasSize(25_001);
  }

  @Test
  void searchesByFilterOrderAndPage() {
    String experiment = client.createExperiment(unique);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String run = client.createRun(experiment).getRunId();
      client.logMetric(run, "loss", i);
      client.logParam(run, "lr", i < 2 ? "1e-3" : "1e-4");
      ids.add(run);
    }

    var matching =
        client.searchRuns(
            List.of(experiment),
            "metrics.loss >= 0 and params.lr = '1e-3'",
            ViewType.ACTIVE_ONLY,
            10,
            List.of("metrics.loss DESC"));
    assertThat(matching.getItems())
        .extracting(run -> run.getInfo().getRunId())
        .containsExactly(ids.get(1), ids.get(0));

    var page =
        client.searchRuns(List.of(experiment), "", ViewType.ALL, 2, List.of("metrics.loss ASC"));
    assertThat(page.getItems()).hasSize(2);
    assertThat(page.hasNextPage()).isTrue();
    assertThat(page.getNextPage().getItems())
        .extracting(run -> run.getInfo().getRunId())
        .containsExactly(ids.get(2));
  }

  @Test
  void registersVersionsThroughItsGenericCalls() throws Exception {
    String run = client.createRun(client.createExperiment(unique)).getRunId();
    client.sendPost("registered-models/create", "{\"name\":\"" + unique + "\"}");
    client.sendPost(
        "model-versions/create",
        "{\"name\":\"%s\",\"source\":\"runs:/%s/m\",\"run_id\":\"%s\"}"
            .formatted(unique, run, run));

    assertThat(client.getLatestVersions(unique)).hasSize(1);
    assertThat(client.getLatestVersions(unique, List.of("None"))).hasSize(1);
    assertThat(client.getModelVersion(unique, "1").getRunId()).isEqualTo(run);
    assertThat(client.getRegisteredModel(unique).getName()).isEqualTo(unique);
    assertThat(client.getModelVersionDownloadUri(unique, "1"))
        .startsWith("mlflow-artifacts:/")
        .endsWith(run + "/artifacts/m");
    assertThat(client.searchModelVersions("name='" + unique + "'").getItems()).hasSize(1);
    client.sendPatch(
        "model-versions/update",
        "{\"name\":\"%s\",\"version\":\"1\",\"description\":\"d\"}".formatted(unique));
    assertThat(client.getModelVersion(unique, "1").getDescription()).isEqualTo("d");
  }

  @Test
  void followsItsFluentContext() {
    MlflowContext context = new MlflowContext(client);
    client.createExperiment(unique);
    context.setExperimentName(unique);

    ActiveRun run = context.startRun("fluent");
    run.logParam("a", "b");
    run.logMetric("z", 1.0);
    run.setTag("t", "1");
    run.endRun();

    Run stored = client.getRun(run.getId());
    assertThat(stored.getInfo().getRunName()).isEqualTo("fluent");
    assertThat(stored.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void deletesAndRestoresRuns() {
    String run = client.createRun(client.createExperiment(unique)).getRunId();

    client.deleteRun(run);
    assertThat(client.getRun(run).getInfo().getLifecycleStage()).isEqualTo("deleted");
    assertThatThrownBy(() -> client.logMetric(run, "m", 1)).hasMessageContaining("active");
    client.restoreRun(run);
    client.logMetric(run, "m", 1);
  }

  private static Metric metric(String key, double value, long step) {
    return Metric.newBuilder().setKey(key).setValue(value).setTimestamp(step).setStep(step).build();
  }
}
