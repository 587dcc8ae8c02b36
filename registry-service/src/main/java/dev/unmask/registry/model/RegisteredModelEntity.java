package dev.unmask.registry.model;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "registered_models")
class RegisteredModelEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long uid;

  @Column(nullable = false)
  private String teamId;

  @Column(nullable = false)
  private String name;

  @Column private @Nullable String description;

  @Column(nullable = false)
  private int lastVersion;

  @Column(nullable = false)
  private long createdAt;

  @Column(nullable = false)
  private long updatedAt;

  protected RegisteredModelEntity() {}

  RegisteredModelEntity(String teamId, String name, @Nullable String description, long now) {
    this.teamId = teamId;
    this.name = name;
    this.description = description;
    this.createdAt = now;
    this.updatedAt = now;
  }

  /** Version numbers are never given twice, whatever is deleted. */
  int nextVersion(long now) {
    this.updatedAt = now;
    return ++lastVersion;
  }

  void rename(String newName, long now) {
    this.name = newName;
    this.updatedAt = now;
  }

  void describe(@Nullable String text, long now) {
    this.description = text;
    this.updatedAt = now;
  }

  void touch(long now) {
    this.updatedAt = now;
  }

  long uid() {
    return uid;
  }

  String name() {
    return name;
  }

  @Nullable String description() {
    return description;
  }

  long createdAt() {
    return createdAt;
  }

  long updatedAt() {
    return updatedAt;
  }
}
