package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.unmask.system.SharedStack.Trained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * {@code org.mlflow:mlflow-client}, unchanged, through the gateway with a token: every public
 * method of what a program calls.
 */
@ExtendWith(SharedStack.class)
class MlflowClientIT {
  private static final int BATCH = 1_000;

  @TempDir private Path folder;

  /** In order, since the last asks what the others have called. */
  @TestFactory
  Stream<DynamicTest> everyPublicMethod(Trained trained) {
    Gateway gateway = trained.gateway().newTeam("mlflow-client");
    CallRecorder calls = new CallRecorder();
    MlflowClient client = client(gateway);
    ClientCredentials credentials = new ClientCredentials(calls, gateway);
    ClientExperiments experiments = new ClientExperiments(calls, client);
    ClientRuns runs = new ClientRuns(calls, client);
    ClientFluent fluent = new ClientFluent(calls, client);
    ClientModels models = new ClientModels(calls, client);
    ClientArtifacts artifacts = new ClientArtifacts(calls, client, folder);
    return Stream.of(
            dynamicTest("credentials as a header", credentials::workAsBearerAndAsPassword),
            dynamicTest(
                "credentials of a chain", credentials::areTakenFromTheFirstProviderThatHasAny),
            dynamicTest("no credentials", credentials::areAskedForWhereThereAreNone),
            dynamicTest("a closed client", credentials::areOfNoUseToAClosedClient),
            dynamicTest("experiments", experiments::areMadeTaggedRenamedDeletedAndRestored),
            dynamicTest("experiments searched", experiments::areFoundByFilterViewAndOrder),
            dynamicTest("experiments in pages", experiments::comeInPages),
            dynamicTest("runs", runs::areMadeInTheDefaultAndInNamedExperiments),
            dynamicTest("runs logged to", runs::keepWhatIsLogged),
            dynamicTest("runs ended", runs::endAndAreDeletedAndRestored),
            dynamicTest("runs searched in pages", runs::areFoundByFilterViewAndOrderInPages),
            dynamicTest("active runs", fluent::logsToAnActiveRun),
            dynamicTest("nested runs", fluent::nestsRunsAndEndsThemByHowTheyWent),
            dynamicTest("models", models::areRegisteredByTheCallsForAnyPath),
            dynamicTest("models in pages", models::areSearchedInPages),
            dynamicTest(
                "artifacts, by a stand-in for the Python that the client runs",
                artifacts::areLoggedListedAndDownloaded),
            dynamicTest(
                "artifacts of active runs, by the stand-in", artifacts::areLoggedToAnActiveRun),
            dynamicTest("files of models, by the stand-in", artifacts::areDownloadedWithAModel),
            dynamicTest("no public method is left out", () -> assertAllCalled(calls.called())))
        .onClose(client::close);
  }

  private static void assertAllCalled(Set<String> called) {
    Set<String> missing = ClientApi.toBeCalled();
    missing.removeAll(called);
    assertThat(missing).as("never called").isEmpty();
    Set<String> unexpected = new TreeSet<>(called);
    unexpected.removeAll(ClientApi.toBeCalled());
    assertThat(unexpected).as("called, but not offered or excepted").isEmpty();
  }

  /** MLflow's client fails on a second page of 25,000 points: it gets all in the first. */
  @Test
  void readsBackEachOf25001PointsOfAMetric(Trained trained) {
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i <= 25_000; i++) {
      points.add(
          Metric.newBuilder()
              .setKey("long")
              .setValue(Math.sin(i))
              .setTimestamp(1_700_000_000_000L + i)
              .setStep(i)
              .build());
    }
    try (MlflowClient client = client(trained.gateway())) {
      String run = client.createRun(client.createExperiment("long-history")).getRunId();
      for (int start = 0; start < points.size(); start += BATCH) {
        List<Metric> batch = points.subList(start, Math.min(start + BATCH, points.size()));
        client.logBatch(run, batch, List.of(), List.of());
      }

      assertThat(client.getMetricHistory(run, "long")).isEqualTo(points);
    }
  }

  private static MlflowClient client(Gateway gateway) {
    return new MlflowClient(new BasicMlflowHostCreds(gateway.uri().toString(), gateway.token()));
  }
}
