package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.unmask.system.RecordedComparison.Difference;
import dev.unmask.system.SharedStack.Trained;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the Java client was seen to send MLflow, sent through the gateway by a team of its own:
 * status, error code and, where all was well, the whole body are MLflow's.
 */
@ExtendWith(SharedStack.class)
class RecordedClientCallsIT {
  private static final Path RECORDING =
      Path.of("../../shared/wire/java_client_2.17.2_calls.jsonl").toAbsolutePath().normalize();

  /**
   * Where we answer something else on purpose; what is not needed fails as what is missing does.
   */
  private static final Map<Deviation, String> DEVIATIONS =
      join(
          because(
              "an infinity comes back as it was logged, not as the largest number",
              "\"Infinity\"",
              "getRun /run/data/metrics/inf/value",
              "searchRuns /runs/0/data/metrics/inf/value",
              "searchRuns paging /runs/0/data/metrics/inf/value",
              "listRunInfos /runs/0/data/metrics/inf/value",
              "logArtifact /run/data/metrics/inf/value",
              "listArtifacts /run/data/metrics/inf/value"),
          because(
              "a new run is answered like any other, with the outputs that it has not yet",
              "{}",
              "createRun /run/outputs",
              "createRun(req) /run/outputs",
              "ctx startRun /run/outputs"),
          because(
              "this server knows who asks, and says who made a version",
              "\"owner\"",
              "sendPost create mv /model_version/user_id",
              "getLatestVersions /model_versions/0/user_id",
              "getLatestVersions stages /model_versions/0/user_id",
              "getModelVersion /model_version/user_id",
              "getRegisteredModel /registered_model/latest_versions/0/user_id",
              "searchModelVersions /model_versions/0/user_id",
              "searchModelVersions all /model_versions/0/user_id",
              "sendPatch update mv /model_version/user_id"),
          because(
              "the recorded server had models of other programs, this team has none",
              "absent",
              "searchModelVersions all /model_versions/1",
              "searchModelVersions all /model_versions/2"),
          because(
              "a full page that nothing follows says so",
              "absent",
              "searchRuns paging 2 /next_page_token"),
          because(
              "so the client does not ask for an empty one", "not sent", "searchRuns paging 3 /"),
          because(
              "the Java client fails on a second page of a history, so it gets all in the first",
              "absent",
              "history 25001 27 /next_page_token"),
          because(
              "which has the point that MLflow has on the second",
              "{\"key\":\"big\",\"value\":0.0,\"timestamp\":25000,\"step\":25000}",
              "history 25001 27 /metrics/25000"),
          because("and needs no second request", "not sent", "history 25001 28 /"));

  /**
   * @param where name of the recorded request, and a JSON pointer into its answer
   * @param ours what we answer there
   */
  private record Deviation(String where, String ours) {}

  @Test
  void answersAsMlflowDidButWhereWeDifferOnPurpose(Trained trained) {
    if (!Files.exists(RECORDING)) {
      System.err.println("SKIPPED: no recording at " + RECORDING);
    }
    assumeThat(RECORDING).as("the recording of the Java client").exists();
    List<RecordedCall> calls = RecordedCall.read(RECORDING);
    assertThat(calls).hasSizeGreaterThan(80);
    RecordedReplay replay = new RecordedReplay(trained.gateway().newTeam("recorded"));

    List<String> unexpected = new ArrayList<>();
    Set<Deviation> found = new HashSet<>();
    for (RecordedCall call : calls) {
      for (Difference difference : replay.play(call)) {
        Deviation deviation = new Deviation(call.name() + " " + difference.at(), difference.ours());
        found.add(deviation);
        if (!DEVIATIONS.containsKey(deviation)) {
          unexpected.add(call.name() + ": " + difference);
        }
      }
    }
    assertThat(unexpected).isEmpty();
    Map<Deviation, String> unneeded = new HashMap<>(DEVIATIONS);
    unneeded.keySet().removeAll(found);
    assertThat(unneeded).as("no longer needed").isEmpty();
  }

  private static Map<Deviation, String> because(String reason, String ours, String... where) {
    return Stream.of(where)
        .collect(Collectors.toMap(place -> new Deviation(place, ours), place -> reason));
  }

  @SafeVarargs
  private static Map<Deviation, String> join(Map<Deviation, String>... deviations) {
    return Stream.of(deviations)
        .flatMap(each -> each.entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
