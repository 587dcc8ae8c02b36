package dev.unmask.registry.identity;

import java.util.Optional;
import org.springframework.data.repository.Repository;

interface TeamRepository extends Repository<TeamEntity, String> {
  Optional<TeamEntity> findById(String id);

  Optional<TeamEntity> findByName(String name);

  TeamEntity save(TeamEntity team);
}
