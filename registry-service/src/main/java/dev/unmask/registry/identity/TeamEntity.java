package dev.unmask.registry.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "teams")
class TeamEntity {
  @Id private String id;

  @Column(nullable = false)
  private String name;

  @Column(nullable = false)
  private Instant createdAt;

  @Column(nullable = false)
  private boolean makesTeams;

  protected TeamEntity() {}

  TeamEntity(String id, String name, Instant createdAt) {
    this.id = id;
    this.name = name;
    this.createdAt = createdAt;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  Instant createdAt() {
    return createdAt;
  }

  /** Whether its admins may make teams. */
  boolean makesTeams() {
    return makesTeams;
  }

  void letMakeTeams() {
    this.makesTeams = true;
  }
}
