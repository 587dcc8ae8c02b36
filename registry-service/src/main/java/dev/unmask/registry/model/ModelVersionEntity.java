package dev.unmask.registry.model;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "model_versions")
class ModelVersionEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long uid;

  @Column(nullable = false)
  private long modelUid;

  @Column(nullable = false)
  private int version;

  @Column private @Nullable String runId;
  @Column private @Nullable String modelId;

  @Column(nullable = false)
  private String source;

  @Column(nullable = false)
  private String sourceUri;

  @Column private @Nullable String runLink;
  @Column private @Nullable String description;

  @Column(nullable = false)
  private String userId;

  @Column(nullable = false)
  private String stage;

  @Column(nullable = false)
  private String digest;

  @Column(nullable = false)
  private boolean deleted;

  @Column(nullable = false)
  private long createdAt;

  @Column(nullable = false)
  private long updatedAt;

  protected ModelVersionEntity() {}

  ModelVersionEntity(
      long modelUid, int version, NewVersion wanted, ModelSource source, String digest, long now) {
    this.modelUid = modelUid;
    this.version = version;
    this.runId = source.runId();
    this.modelId = source.modelId();
    this.source = wanted.source();
    this.sourceUri = source.uri();
    this.runLink = wanted.runLink();
    this.description = wanted.description();
    this.userId = wanted.userId();
    this.stage = Stage.NONE.wireName();
    this.digest = digest;
    this.createdAt = now;
    this.updatedAt = now;
  }

  void describe(@Nullable String text, long now) {
    this.description = text;
    this.updatedAt = now;
  }

  void moveTo(Stage next, long now) {
    this.stage = next.wireName();
    this.updatedAt = now;
  }

  void delete(long now) {
    this.deleted = true;
    this.updatedAt = now;
  }

  long uid() {
    return uid;
  }

  /** What another version with the same files is made from. */
  ModelSource asSource(Manifest files) {
    return new ModelSource(runId, modelId, sourceUri, files);
  }

  long modelUid() {
    return modelUid;
  }

  int version() {
    return version;
  }

  Stage stage() {
    return Stage.of(stage);
  }

  ModelVersion toDomain(String model, List<String> aliases, SortedMap<String, String> tags) {
    return new ModelVersion(
        uid,
        model,
        version,
        runId,
        modelId,
        source,
        sourceUri,
        runLink,
        description,
        userId,
        stage(),
        digest,
        createdAt,
        updatedAt,
        aliases,
        tags);
  }
}
