package dev.unmask.registry.model;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

interface RegisteredModelRepository extends Repository<RegisteredModelEntity, Long> {
  Optional<RegisteredModelEntity> findByTeamIdAndName(String teamId, String name);

  /** Writers of one model take turns, so that version numbers have no gaps and no doubles. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<RegisteredModelEntity> findLockedByTeamIdAndName(String teamId, String name);

  List<RegisteredModelEntity> findByUidIn(Collection<Long> uids);

  RegisteredModelEntity saveAndFlush(RegisteredModelEntity model);

  void delete(RegisteredModelEntity model);
}
