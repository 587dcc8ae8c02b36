package dev.unmask.registry.experiment;

import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Service;

/** Makes each team's experiment {@code Default} when the team is first seen. */
@Service
public class DefaultExperimentService {
  private final ExperimentRepository experiments;
  private final Clock clock;

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  DefaultExperimentService(ExperimentRepository experiments, Clock clock) {
    this.experiments = experiments;
    this.clock = clock;
  }

  /** To be called outside a transaction, so that the row outlives a failure of the caller. */
  public void ensure(String teamId) {
    if (!known.contains(teamId)) {
      experiments.addDefault(teamId, clock.millis());
      known.add(teamId);
    }
  }
}
