package dev.unmask.registry.experiment;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.SortedMap;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.SQLRestriction;

/**
 * Writes changed columns only, and never sees what is being purged: a rename that began before must
 * not bring the old life cycle back.
 */
@Entity
@DynamicUpdate
@SQLRestriction("lifecycle <> 'purging'")
@Table(name = "experiments")
class ExperimentEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long uid;

  @Column(nullable = false)
  private String teamId;

  @Column(nullable = false)
  private long number;

  @Column(nullable = false)
  private String name;

  @Column(nullable = false)
  private String lifecycle;

  /** Set while the runs have still to follow a change of {@code lifecycle}. */
  @Column(nullable = false)
  private boolean runsFollow;

  @Column(nullable = false)
  private long createdAt;

  @Column(nullable = false)
  private long updatedAt;

  protected ExperimentEntity() {}

  ExperimentEntity(String teamId, long number, String name, long createdAt) {
    this.teamId = teamId;
    this.number = number;
    this.name = name;
    this.lifecycle = "active";
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  void rename(String newName, long now) {
    this.name = newName;
    this.updatedAt = now;
  }

  void setActive(boolean active, long now) {
    this.lifecycle = active ? "active" : "deleted";
    this.runsFollow = true;
    this.updatedAt = now;
  }

  boolean isActive() {
    return lifecycle.equals("active");
  }

  long uid() {
    return uid;
  }

  Experiment toDomain(SortedMap<String, String> tags) {
    return new Experiment(uid, teamId, number, name, isActive(), createdAt, updatedAt, tags);
  }
}
