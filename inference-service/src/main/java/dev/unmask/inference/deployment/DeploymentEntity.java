package dev.unmask.inference.deployment;

import dev.unmask.inference.api.DeploymentPrecision;
import dev.unmask.inference.api.DeploymentStatus;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A deployment's row; its files are kept so that it loads without asking the registry again. */
@Entity
@Table(name = "deployment")
@NullUnmarked // Hibernate fills the fields
class DeploymentEntity {
  @Id String id;

  @Column(name = "team_id")
  String team;

  String name;
  String model;

  @Column(name = "model_name")
  String modelName;

  int version;

  String digest;

  /** JSON of the decode settings. */
  String decoding;

  @Enumerated(EnumType.STRING)
  DeploymentPrecision precision;

  @Enumerated(EnumType.STRING)
  DeploymentStatus status;

  @Nullable String detail;

  @Column(name = "created_at")
  Instant createdAt;

  @ElementCollection(fetch = FetchType.EAGER)
  @CollectionTable(name = "deployment_file", joinColumns = @JoinColumn(name = "deployment_id"))
  List<File> files = new ArrayList<>();

  /** One line of the version's manifest. */
  @Embeddable
  static class File {
    String path;

    @Column(name = "size_bytes")
    long size;

    String sha256;

    protected File() {}

    File(ModelFile file) {
      path = file.path();
      size = file.size();
      sha256 = file.sha256();
    }
  }
}
