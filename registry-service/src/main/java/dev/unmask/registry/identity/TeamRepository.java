package dev.unmask.registry.identity;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface TeamRepository extends Repository<TeamEntity, String> {
  Optional<TeamEntity> findById(String id);

  Optional<TeamEntity> findByName(String name);

  List<TeamEntity> findByOrderByName();

  boolean existsById(String id);

  TeamEntity save(TeamEntity team);

  TeamEntity saveAndFlush(TeamEntity team);
}
