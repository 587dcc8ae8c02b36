package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;

/** Each call of the fluent interface but those that move files. */
record ClientFluent(CallRecorder calls, MlflowClient client) {

  void logsToAnActiveRun() {
    String experiment = client.createExperiment("fluent");
    MlflowContext context = calls.get(MlflowContext::new, client);
    assertThat(calls.get(context::getClient)).isSameAs(client);
    assertThat(calls.get(context::getExperimentId)).isEqualTo("0");
    assertThat(calls.get(context::setExperimentName, "fluent")).isSameAs(context);
    assertThat(context.getExperimentId()).isEqualTo(experiment);
    assertThatThrownBy(() -> context.setExperimentName("no such experiment"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(calls.get(context::setExperimentId, experiment)).isSameAs(context);

    ActiveRun run = calls.get(context::startRun, "first");
    calls.run(run::logParam, "p", "1");
    calls.run(run::logParams, Map.of("q", "2", "r", "3"));
    calls.run(run::logMetric, "m", 0.5);
    calls.run(run::logMetric, "m", 1.5, 7);
    calls.run(run::logMetrics, Map.of("n", 2.5, "o", 3.5));
    calls.run(run::logMetrics, Map.of("n", 4.5), 8);
    calls.run(run::setTag, "t", "u");
    calls.run(run::setTags, Map.of("v", "w", "x", "y"));
    calls.run(run::endRun);

    Run read = client.getRun(calls.get(run::getId));
    assertThat(calls.get(run::getArtifactUri)).isEqualTo(read.getInfo().getArtifactUri());
    assertThat(read.getInfo().getExperimentId()).isEqualTo(experiment);
    assertThat(read.getInfo().getRunName()).isEqualTo("first");
    assertThat(read.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.getData().getParamsList())
        .extracting(Param::getKey, Param::getValue)
        .containsExactlyInAnyOrder(pair("p", "1"), pair("q", "2"), pair("r", "3"));
    assertThat(tags(read)).containsAllEntriesOf(Map.of("t", "u", "v", "w", "x", "y"));
    assertThat(client.getMetricHistory(run.getId(), "m"))
        .extracting(Metric::getValue, Metric::getStep)
        .containsExactly(pair(0.5, 0L), pair(1.5, 7L));
    assertThat(client.getMetricHistory(run.getId(), "n"))
        .extracting(Metric::getValue, Metric::getStep)
        .containsExactly(pair(2.5, 0L), pair(4.5, 8L));
    assertThat(client.getMetricHistory(run.getId(), "o"))
        .extracting(Metric::getValue)
        .containsExactly(3.5);
  }

  void nestsRunsAndEndsThemByHowTheyWent() {
    MlflowContext context = new MlflowContext(client);
    context.setExperimentId(client.createExperiment("nested"));

    ActiveRun parent = calls.get(context::startRun);
    ActiveRun child = calls.get(context::startRun, "child", parent.getId());
    calls.run(child::endRun, RunStatus.KILLED);
    assertThat(tags(client.getRun(child.getId())))
        .containsEntry("mlflow.parentRunId", parent.getId());
    assertThat(status(child.getId())).isEqualTo(RunStatus.KILLED);
    assertThat(status(parent.getId())).isEqualTo(RunStatus.RUNNING);

    String[] seen = new String[2];
    Consumer<ActiveRun> goesWell = run -> seen[0] = run.getId();
    calls.run(context::withActiveRun, goesWell);
    assertThat(status(seen[0])).isEqualTo(RunStatus.FINISHED);
    Consumer<ActiveRun> fails =
        run -> {
          seen[1] = run.getId();
          throw new IllegalStateException("as wanted");
        };
    // The client keeps the exception to itself.
    calls.run(context::withActiveRun, "failing", fails);
    assertThat(status(seen[1])).isEqualTo(RunStatus.FAILED);
    assertThat(client.getRun(seen[1]).getInfo().getRunName()).isEqualTo("failing");
  }

  private RunStatus status(String run) {
    return client.getRun(run).getInfo().getStatus();
  }

  private static Map<String, String> tags(Run run) {
    return run.getData().getTagsList().stream()
        .collect(Collectors.toMap(RunTag::getKey, RunTag::getValue));
  }

  private static Tuple pair(Object key, Object value) {
    return Tuple.tuple(key, value);
  }
}
