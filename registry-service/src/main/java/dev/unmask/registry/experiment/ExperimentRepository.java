package dev.unmask.registry.experiment;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

interface ExperimentRepository extends Repository<ExperimentEntity, Long> {
  Optional<ExperimentEntity> findByTeamIdAndNumber(String teamId, long number);

  /** For changes of the life cycle, which must not cross a purge's. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<ExperimentEntity> findLockedByTeamIdAndNumber(String teamId, long number);

  Optional<ExperimentEntity> findByTeamIdAndName(String teamId, String name);

  List<ExperimentEntity> findByUidIn(Collection<Long> uids);

  @Query(
      "SELECT e.number FROM ExperimentEntity e WHERE e.teamId = :teamId AND e.number IN :numbers")
  List<Long> findNumbers(String teamId, Collection<Long> numbers);

  @Query(
      "SELECT e.number FROM ExperimentEntity e WHERE e.teamId = :teamId"
          + " AND e.lifecycle = 'active' ORDER BY e.number")
  List<Long> findActiveNumbers(String teamId);

  ExperimentEntity saveAndFlush(ExperimentEntity experiment);

  /** Experiments whose runs have not all followed yet, of every team. */
  List<ExperimentEntity> findByRunsFollowTrue();

  /** Unless the life cycle changed again meanwhile. */
  @Transactional
  @Modifying
  @Query(
      value =
          "UPDATE experiments SET runs_follow = false WHERE team_id = :teamId"
              + " AND number = :number AND runs_follow AND lifecycle = :lifecycle",
      nativeQuery = true)
  void runsHaveFollowed(String teamId, long number, String lifecycle);

  @Query(value = "SELECT nextval('experiment_numbers')", nativeQuery = true)
  long nextNumber();

  @Transactional
  @Modifying
  @Query(
      value =
          "INSERT INTO experiments (team_id, number, name, lifecycle, created_at, updated_at)"
              + " VALUES (:teamId, 0, 'Default', 'active', :now, :now) ON CONFLICT DO NOTHING",
      nativeQuery = true)
  void addDefault(String teamId, long now);
}
