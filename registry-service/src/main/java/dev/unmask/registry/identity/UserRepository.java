package dev.unmask.registry.identity;

import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface UserRepository extends Repository<UserEntity, String> {
  Optional<UserEntity> findById(String id);

  Optional<UserEntity> findByName(String name);

  UserEntity save(UserEntity user);

  void flush();

  /** Held until the transaction ends; the number means nothing but must be the same everywhere. */
  @Query(value = "SELECT 1 FROM pg_advisory_xact_lock(7301415)", nativeQuery = true)
  int takeTurns();

  @Query(
      value = "SELECT role FROM memberships WHERE user_id = :user AND team_id = :team",
      nativeQuery = true)
  Optional<String> roleIn(String user, String team);

  @Modifying
  @Query(
      value =
          "INSERT INTO memberships (user_id, team_id, role) VALUES (:user, :team, :role)"
              + " ON CONFLICT (user_id, team_id) DO UPDATE SET role = excluded.role",
      nativeQuery = true)
  void join(String user, String team, String role);
}
