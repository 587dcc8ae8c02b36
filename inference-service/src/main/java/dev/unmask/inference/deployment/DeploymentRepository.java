package dev.unmask.inference.deployment;

import dev.unmask.inference.api.DeploymentStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code inference.deployment}. */
interface DeploymentRepository extends JpaRepository<DeploymentEntity, String> {
  List<DeploymentEntity> findByTeamOrderByCreatedAtDescIdDesc(String team);

  Optional<DeploymentEntity> findByIdAndTeam(String id, String team);

  @Modifying
  @Query("update DeploymentEntity d set d.status = ?2, d.detail = ?3 where d.id = ?1")
  int updateStatus(String id, DeploymentStatus status, @Nullable String detail);
}
