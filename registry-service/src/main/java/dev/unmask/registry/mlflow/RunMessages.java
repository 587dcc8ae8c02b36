package dev.unmask.registry.mlflow;

import dev.unmask.registry.dataset.RunLinks;
import dev.unmask.registry.dataset.RunLinksService;
import dev.unmask.registry.mlflow.MlflowJson.RunMessage;
import dev.unmask.registry.run.Run;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Writes runs down with what they read and made, loaded for all of them at once. */
@Component
class RunMessages {
  private final RunLinksService links;

  RunMessages(RunLinksService links) {
    this.links = links;
  }

  RunMessage of(Run.Details run) {
    return of(List.of(run)).getFirst();
  }

  List<RunMessage> of(List<Run.Details> runs) {
    Map<Long, RunLinks> found = links.of(runs.stream().map(run -> run.run().uid()).toList());
    return runs.stream()
        .map(run -> RunMessage.of(run, found.getOrDefault(run.run().uid(), RunLinks.NONE)))
        .toList();
  }
}
