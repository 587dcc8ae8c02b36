package dev.unmask.registry.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface ModelVersionRepository extends Repository<ModelVersionEntity, Long> {
  Optional<ModelVersionEntity> findByModelUidAndVersionAndDeletedFalse(long modelUid, int version);

  List<ModelVersionEntity> findByModelUidInAndDeletedFalseOrderByVersionDesc(
      Collection<Long> modelUids);

  List<ModelVersionEntity> findByUidIn(Collection<Long> uids);

  ModelVersionEntity saveAndFlush(ModelVersionEntity version);
}
