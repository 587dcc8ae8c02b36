package dev.unmask.registry.identity;

import java.time.Instant;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface UserRepository extends Repository<UserEntity, String> {
  Optional<UserEntity> findById(String id);

  Optional<UserEntity> findByName(String name);

  /** Held until the transaction ends; the number means nothing but must be the same everywhere. */
  @Query(value = "SELECT 1 FROM pg_advisory_xact_lock(7301415)", nativeQuery = true)
  int takeTurns();

  /** Two calls that make the same user at once agree on one. */
  @Modifying
  @Query(
      value =
          "INSERT INTO users (id, name, created_at) VALUES (:id, :name, :now)"
              + " ON CONFLICT (name) DO NOTHING",
      nativeQuery = true)
  void addUnlessKnown(String id, String name, Instant now);
}
