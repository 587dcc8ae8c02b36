package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.EmptyPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.RunsPage;

/** Each of the client's calls for runs, and its pages of them. */
record ClientRuns(CallRecorder calls, MlflowClient client) {
  private static final long TIME = 1_700_000_000_000L;

  void areMadeInTheDefaultAndInNamedExperiments() {
    String experiment = client.createExperiment("runs-made");

    RunInfo byDefault = calls.get(client::createRun);
    RunInfo named = calls.get(client::createRun, experiment);
    RunInfo asked =
        calls.get(
            client::createRun,
            CreateRun.newBuilder()
                .setExperimentId(experiment)
                .setRunName("asked")
                .setUserId("somebody")
                .setStartTime(TIME)
                .addTags(tag("a", "b"))
                .build());

    assertThat(byDefault.getExperimentId()).isEqualTo("0");
    assertThat(named.getExperimentId()).isEqualTo(experiment);
    assertThat(named.getStatus()).isEqualTo(RunStatus.RUNNING);
    assertThat(named.getArtifactUri())
        .isEqualTo("mlflow-artifacts:/" + experiment + "/" + named.getRunId() + "/artifacts");
    Run read = calls.get(client::getRun, asked.getRunId());
    assertThat(read.getInfo()).isEqualTo(asked);
    assertThat(asked.getRunName()).isEqualTo("asked");
    assertThat(asked.getUserId()).isEqualTo("somebody");
    assertThat(asked.getStartTime()).isEqualTo(TIME);
    assertThat(read.getData().getTagsList())
        .containsExactlyInAnyOrder(tag("a", "b"), tag("mlflow.runName", "asked"));
    assertThat(calls.get(client::listRunInfos, experiment)).containsExactlyInAnyOrder(named, asked);
  }

  void keepWhatIsLogged() {
    String run = client.createRun(client.createExperiment("runs-logged")).getRunId();
    long before = System.currentTimeMillis();

    calls.run(client::logParam, run, "p", "1");
    calls.run(client::logMetric, run, "now", 0.5);
    calls.run(client::logMetric, run, "m", 1.5, TIME, 1L);
    calls.run(client::setTag, run, "kept", "x");
    calls.run(client::setTag, run, "removed", "y");
    calls.run(client::deleteTag, run, "removed");
    calls.run(
        client::logBatch,
        run,
        List.of(metric("m", Double.NaN, 2), metric("m", Double.NEGATIVE_INFINITY, 3)),
        List.of(param("q", "2")),
        List.of(tag("t", "u")));

    Run read = client.getRun(run);
    assertThat(read.getData().getParamsList())
        .containsExactlyInAnyOrder(param("p", "1"), param("q", "2"));
    assertThat(read.getData().getTagsList())
        .contains(tag("kept", "x"), tag("t", "u"))
        .extracting(RunTag::getKey)
        .doesNotContain("removed");
    assertThat(read.getData().getMetricsList())
        .extracting(Metric::getKey)
        .containsExactlyInAnyOrder("now", "m");
    assertThat(read.getData().getMetricsList()).contains(metric("m", Double.NEGATIVE_INFINITY, 3));
    assertThat(calls.get(client::getMetricHistory, run, "m"))
        .containsExactly(
            metric("m", 1.5, 1),
            metric("m", Double.NaN, 2),
            metric("m", Double.NEGATIVE_INFINITY, 3));
    Metric now = client.getMetricHistory(run, "now").getFirst();
    assertThat(now.getValue()).isEqualTo(0.5);
    assertThat(now.getStep()).isZero();
    assertThat(now.getTimestamp()).isBetween(before, System.currentTimeMillis());
  }

  void endAndAreDeletedAndRestored() {
    String experiment = client.createExperiment("runs-ended");
    String run = client.createRun(experiment).getRunId();
    long before = System.currentTimeMillis();

    calls.run(client::setTerminated, run);
    assertThat(info(run).getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(info(run).getEndTime()).isBetween(before, System.currentTimeMillis());
    calls.run(client::setTerminated, run, RunStatus.KILLED);
    assertThat(info(run).getStatus()).isEqualTo(RunStatus.KILLED);
    calls.run(client::setTerminated, run, RunStatus.FAILED, TIME);
    assertThat(info(run).getStatus()).isEqualTo(RunStatus.FAILED);
    assertThat(info(run).getEndTime()).isEqualTo(TIME);

    calls.run(client::deleteRun, run);
    assertThat(info(run).getLifecycleStage()).isEqualTo("deleted");
    assertThat(client.listRunInfos(experiment)).isEmpty();
    calls.run(client::restoreRun, run);
    assertThat(info(run).getLifecycleStage()).isEqualTo("active");
    assertThat(client.listRunInfos(experiment)).hasSize(1);
  }

  void areFoundByFilterViewAndOrderInPages() {
    List<String> experiment = List.of(client.createExperiment("runs-found"));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String run = client.createRun(experiment.getFirst()).getRunId();
      client.logMetric(run, "loss", i);
      ids.add(run);
    }
    client.deleteRun(ids.get(3));
    List<String> order = List.of("metrics.loss DESC");

    List<RunInfo> filtered = calls.get(client::searchRuns, experiment, "metrics.loss >= 1");
    assertThat(filtered)
        .extracting(RunInfo::getRunId)
        .containsExactlyInAnyOrder(ids.get(1), ids.get(2));
    List<RunInfo> deleted = calls.get(client::searchRuns, experiment, "", ViewType.DELETED_ONLY);
    assertThat(deleted).extracting(RunInfo::getRunId).containsExactly(ids.get(3));
    assertThat(calls.get(client::searchRuns, experiment, "", ViewType.ALL, 3).getItems())
        .hasSize(3);
    RunsPage first = calls.get(client::searchRuns, experiment, "", ViewType.ALL, 3, order);
    assertThat(calls.get(first::getItems))
        .extracting(run -> run.getInfo().getRunId())
        .containsExactly(ids.get(3), ids.get(2), ids.get(1));
    assertThat(calls.get(first::getPageSize)).isEqualTo(3);
    assertThat(calls.get(first::hasNextPage)).isTrue();
    String token = calls.get(first::getNextPageToken).orElseThrow();
    RunsPage last = (RunsPage) calls.get(first::getNextPage);
    assertThat(last.getItems())
        .extracting(run -> run.getInfo().getRunId())
        .containsExactly(ids.get(0));
    assertThat(
            calls.get(client::searchRuns, experiment, "", ViewType.ALL, 3, order, token).getItems())
        .isEqualTo(last.getItems());
    assertThat(last.hasNextPage()).isFalse();
    assertThat(last.getNextPage()).isInstanceOf(EmptyPage.class);
  }

  private RunInfo info(String run) {
    return client.getRun(run).getInfo();
  }

  private static Metric metric(String key, double value, long step) {
    return Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setTimestamp(TIME + step - 1)
        .setStep(step)
        .build();
  }

  private static Param param(String key, String value) {
    return Param.newBuilder().setKey(key).setValue(value).build();
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }
}
