package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.mlflow.api.proto.Service.CreateExperiment;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.ExperimentTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.EmptyPage;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;

/** Each of the client's calls for experiments, and its pages of them. */
record ClientExperiments(CallRecorder calls, MlflowClient client) {

  void areMadeTaggedRenamedDeletedAndRestored() {
    String id = calls.get(client::createExperiment, "made-plain");
    String tagged =
        calls.get(
            client::createExperiment,
            CreateExperiment.newBuilder().setName("made-tagged").addTags(tag("a", "b")).build());
    assertThat(tagged).isNotEqualTo(id);
    assertThat(experiment(tagged).getTagsList()).containsExactly(tag("a", "b"));

    calls.run(client::setExperimentTag, id, "owner", "me");
    calls.run(client::renameExperiment, id, "made-renamed");
    Experiment renamed = experiment(id);
    assertThat(renamed.getName()).isEqualTo("made-renamed");
    assertThat(renamed.getTagsList()).containsExactly(tag("owner", "me"));
    assertThat(renamed.getArtifactLocation()).isEqualTo("mlflow-artifacts:/" + id);
    assertThat(renamed.getLastUpdateTime()).isGreaterThanOrEqualTo(renamed.getCreationTime());
    assertThat(calls.get(client::getExperimentByName, "made-renamed")).hasValue(renamed);
    assertThat(client.getExperimentByName("made-plain")).isEmpty();

    calls.run(client::deleteExperiment, id);
    assertThat(experiment(id).getLifecycleStage()).isEqualTo("deleted");
    calls.run(client::restoreExperiment, id);
    assertThat(experiment(id).getLifecycleStage()).isEqualTo("active");
  }

  void areFoundByFilterViewAndOrder() {
    client.createExperiment("found-a");
    client.createExperiment("found-b");
    client.deleteExperiment(client.createExperiment("found-gone"));

    assertThat(names(calls.get(client::searchExperiments)))
        .contains("Default", "found-a", "found-b")
        .doesNotContain("found-gone");
    assertThat(names(calls.get(client::searchExperiments, "name = 'found-a'")))
        .containsExactly("found-a");
    assertThat(
            names(
                calls.get(
                    client::searchExperiments,
                    "name LIKE 'found-%'",
                    ViewType.ALL,
                    10,
                    List.of("name DESC"))))
        .containsExactly("found-gone", "found-b", "found-a");
  }

  void comeInPages() {
    for (String name : List.of("page-1", "page-2", "page-3")) {
      client.createExperiment(name);
    }
    String filter = "name LIKE 'page-%'";
    List<String> order = List.of("name ASC");

    ExperimentsPage first = client.searchExperiments(filter, ViewType.ACTIVE_ONLY, 2, order);
    assertThat(calls.get(first::getItems))
        .extracting(Experiment::getName)
        .containsExactly("page-1", "page-2");
    assertThat(calls.get(first::getPageSize)).isEqualTo(2);
    assertThat(calls.get(first::hasNextPage)).isTrue();
    String token = calls.get(first::getNextPageToken).orElseThrow();
    ExperimentsPage last = (ExperimentsPage) calls.get(first::getNextPage);
    assertThat(names(last)).containsExactly("page-3");
    assertThat(
            names(
                calls.get(
                    client::searchExperiments, filter, ViewType.ACTIVE_ONLY, 2, order, token)))
        .containsExactly("page-3");

    assertThat(last.hasNextPage()).isFalse();
    assertThat(last.getNextPageToken()).isEmpty();
    EmptyPage<?> behind = (EmptyPage<?>) last.getNextPage();
    assertThat(calls.get(behind::getItems)).isEmpty();
    assertThat(calls.get(behind::getPageSize)).isZero();
    assertThat(calls.get(behind::hasNextPage)).isFalse();
    assertThat(calls.get(behind::getNextPageToken)).isEmpty();
    assertThat(calls.get(behind::getNextPage)).isSameAs(behind);
  }

  private Experiment experiment(String id) {
    Experiment found = calls.get(client::getExperiment, id);
    assertThat(found.getExperimentId()).isEqualTo(id);
    return found;
  }

  private static List<String> names(ExperimentsPage page) {
    return page.getItems().stream().map(Experiment::getName).toList();
  }

  private static ExperimentTag tag(String key, String value) {
    return ExperimentTag.newBuilder().setKey(key).setValue(value).build();
  }
}
