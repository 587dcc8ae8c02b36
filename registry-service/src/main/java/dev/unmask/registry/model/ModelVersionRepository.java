package dev.unmask.registry.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ModelVersionRepository extends Repository<ModelVersionEntity, Long> {
  Optional<ModelVersionEntity> findByModelUidAndVersionAndDeletedFalse(long modelUid, int version);

  List<ModelVersionEntity> findByModelUidInAndDeletedFalseOrderByVersionDesc(
      Collection<Long> modelUids);

  /** Without the others: a model may have thousands, and clients ask for it before every call. */
  @Query(
      value =
          "SELECT DISTINCT ON (model_uid, stage) * FROM model_versions"
              + " WHERE model_uid IN (:modelUids) AND NOT deleted"
              + " ORDER BY model_uid, stage, version DESC",
      nativeQuery = true)
  List<ModelVersionEntity> findLatestOfEachStage(Collection<Long> modelUids);

  List<ModelVersionEntity> findByUidIn(Collection<Long> uids);

  ModelVersionEntity saveAndFlush(ModelVersionEntity version);
}
