package dev.unmask.registry.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ApiTokenRepository extends Repository<ApiTokenEntity, String> {
  Optional<ApiTokenEntity> findBySha256(byte[] sha256);

  Optional<ApiTokenEntity> findByIdAndUserIdAndRevokedAtIsNull(String id, String userId);

  List<ApiTokenEntity> findByUserIdAndTeamIdAndRevokedAtIsNullOrderByCreatedAtDesc(
      String userId, String teamId);

  List<ApiTokenEntity> findByUserIdAndTeamIdIsNullAndRevokedAtIsNullOrderByCreatedAtDesc(
      String userId);

  List<ApiTokenEntity> findByTeamIdAndRoleAndRevokedAtIsNullOrderByCreatedAtDesc(
      String teamId, String role);

  Optional<ApiTokenEntity> findByIdAndTeamIdAndRoleAndRevokedAtIsNull(
      String id, String teamId, String role);

  ApiTokenEntity saveAndFlush(ApiTokenEntity token);

  @Modifying
  @Query(
      value =
          "UPDATE api_tokens SET last_used_at = :now WHERE id = :id"
              + " AND (last_used_at IS NULL OR last_used_at < :before)",
      nativeQuery = true)
  void touch(String id, Instant now, Instant before);
}
