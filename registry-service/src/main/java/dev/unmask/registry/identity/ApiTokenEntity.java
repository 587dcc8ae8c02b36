package dev.unmask.registry.identity;

import dev.unmask.support.security.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "api_tokens")
class ApiTokenEntity {
  @Id private String id;

  @Column(nullable = false)
  private String userId;

  @Column private @Nullable String teamId;

  @Column(nullable = false)
  private String role;

  @Column(nullable = false)
  private String name;

  @Column(nullable = false)
  private byte[] sha256;

  @Column(nullable = false)
  private String hint;

  @Column(nullable = false)
  private Instant createdAt;

  @Column private @Nullable Instant expiresAt;
  @Column private @Nullable Instant lastUsedAt;
  @Column private @Nullable Instant revokedAt;

  protected ApiTokenEntity() {}

  ApiTokenEntity(String id, Account account, String name, ApiToken token, Instant createdAt) {
    this.id = id;
    this.userId = account.userId();
    this.teamId = account.teamId();
    this.role = account.role().wireName();
    this.name = name;
    this.sha256 = token.sha256();
    this.hint = token.hint();
    this.createdAt = createdAt;
  }

  boolean usableAt(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  void expireAt(@Nullable Instant instant) {
    this.expiresAt = instant;
  }

  void revoke(Instant now) {
    this.revokedAt = now;
  }

  /** Configuration that names the token again is stronger than its revocation. */
  void readmit() {
    this.revokedAt = null;
    this.expiresAt = null;
  }

  String id() {
    return id;
  }

  String userId() {
    return userId;
  }

  @Nullable String teamId() {
    return teamId;
  }

  Role role() {
    return Role.of(role);
  }

  String name() {
    return name;
  }

  String hint() {
    return hint;
  }

  Instant createdAt() {
    return createdAt;
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  @Nullable Instant lastUsedAt() {
    return lastUsedAt;
  }

  /** Whom a token speaks for; no team for the service account. */
  record Account(String userId, @Nullable String teamId, Role role) {}
}
