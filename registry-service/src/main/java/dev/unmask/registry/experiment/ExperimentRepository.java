package dev.unmask.registry.experiment;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

interface ExperimentRepository extends Repository<ExperimentEntity, Long> {
  Optional<ExperimentEntity> findByTeamIdAndNumber(String teamId, long number);

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

  void flush();

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
