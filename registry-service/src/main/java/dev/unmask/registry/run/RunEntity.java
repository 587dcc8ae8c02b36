package dev.unmask.registry.run;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.SQLRestriction;
import org.jspecify.annotations.Nullable;

/** Runs that are being purged are as good as gone: no query through here finds them. */
@Entity
@SQLRestriction("lifecycle <> 'purging'")
@Table(name = "runs")
class RunEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long uid;

  @Column(nullable = false)
  private String runId;

  @Column(nullable = false)
  private String teamId;

  @Column(nullable = false)
  private long experimentNumber;

  @Column(nullable = false)
  private String name;

  @Column(nullable = false)
  private String userId;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  private RunStatus status;

  @Column(nullable = false)
  private long startTime;

  @Column private @Nullable Long endTime;

  @Column(nullable = false)
  private String lifecycle;

  protected RunEntity() {}

  RunEntity(
      String runId, String teamId, long experiment, String name, String userId, long startTime) {
    this.runId = runId;
    this.teamId = teamId;
    this.experimentNumber = experiment;
    this.name = name;
    this.userId = userId;
    this.startTime = startTime;
    this.status = RunStatus.RUNNING;
    this.lifecycle = "active";
  }

  void apply(RunChange change) {
    if (change.status() != null) {
      this.status = change.status();
    }
    if (change.endTime() != null) {
      this.endTime = change.endTime();
    }
    if (change.name() != null) {
      this.name = change.name();
    }
  }

  void setActive(boolean active) {
    this.lifecycle = active ? "active" : "deleted";
  }

  Run toDomain() {
    return new Run(
        uid,
        runId,
        teamId,
        experimentNumber,
        name,
        userId,
        status,
        startTime,
        endTime,
        lifecycle.equals("active"));
  }
}
