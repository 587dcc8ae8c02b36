package dev.unmask.registry.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "users")
class UserEntity {
  @Id private String id;

  @Column(nullable = false)
  private String name;

  protected UserEntity() {}

  String id() {
    return id;
  }

  String name() {
    return name;
  }
}
