package dev.unmask.registry.run;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

interface RunRepository extends Repository<RunEntity, Long> {
  Optional<RunEntity> findByTeamIdAndRunId(String teamId, String runId);

  /** Writers of one run take turns: what they log is checked against what is there. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<RunEntity> findLockedByTeamIdAndRunId(String teamId, String runId);

  RunEntity saveAndFlush(RunEntity run);
}
