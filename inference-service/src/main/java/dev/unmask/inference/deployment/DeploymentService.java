package dev.unmask.inference.deployment;

import dev.unmask.inference.api.CreateDeployment;
import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.inference.api.DeploymentPrecision;
import dev.unmask.inference.api.DeploymentStatus;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Deployments as rows; bringing them into memory is the {@link DeploymentLoader}'s work. */
@Service
class DeploymentService {
  private final DeploymentRepository rows;
  private final RegistryModels registry;
  private final JsonMapper json;
  private final Clock clock;

  DeploymentService(
      DeploymentRepository rows, RegistryModels registry, JsonMapper json, Clock clock) {
    this.rows = rows;
    this.registry = registry;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Resolves the reference and remembers the deployment as LOADING. Not one transaction: no
   * connection is held while the registry answers.
   */
  Deployment create(String team, CreateDeployment wanted) {
    RegisteredVersion version = registry.resolve(team, ModelReference.parse(wanted.model()));
    try {
      return toDeployment(rows.saveAndFlush(toEntity(team, wanted, version)));
    } catch (DataIntegrityViolationException taken) {
      String message = "is taken by another deployment: " + wanted.name();
      throw UnmaskException.ofField(ErrorCode.ALREADY_EXISTS, "name", message);
    }
  }

  @Transactional(readOnly = true)
  public List<Deployment> list(String team) {
    return rows.findByTeamOrderByCreatedAtDescIdDesc(team).stream()
        .map(this::toDeployment)
        .toList();
  }

  @Transactional(readOnly = true)
  public Deployment get(String team, String id) {
    return rows.findByIdAndTeam(id, team).map(this::toDeployment).orElseThrow(() -> notFound(id));
  }

  @Transactional
  public void delete(String team, String id) {
    rows.delete(rows.findByIdAndTeam(id, team).orElseThrow(() -> notFound(id)));
  }

  @Transactional(readOnly = true)
  public List<Deployment> all() {
    return rows.findAll().stream().map(this::toDeployment).toList();
  }

  @Transactional(readOnly = true)
  public Optional<Deployment> find(String id) {
    return rows.findById(id).map(this::toDeployment);
  }

  /**
   * @return false when the deployment was deleted meanwhile
   */
  @Transactional
  public boolean setStatus(String id, DeploymentStatus status, @Nullable String detail) {
    return rows.updateStatus(id, status, detail) == 1;
  }

  private DeploymentEntity toEntity(
      String team, CreateDeployment wanted, RegisteredVersion version) {
    DecodingSettings decoding = wanted.decoding();
    DeploymentPrecision precision = wanted.precision();
    DeploymentEntity row = new DeploymentEntity();
    row.id = UUID.randomUUID().toString();
    row.team = team;
    row.name = wanted.name();
    row.model = wanted.model();
    row.modelName = version.name();
    row.version = version.version();
    row.digest = version.digest();
    row.decoding =
        json.writeValueAsString(decoding == null ? DecodingSettings.modelDefaults() : decoding);
    row.precision = precision == null ? DeploymentPrecision.AUTO : precision;
    row.status = DeploymentStatus.LOADING;
    row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
    version.files().forEach(file -> row.files.add(new DeploymentEntity.File(file)));
    return row;
  }

  private Deployment toDeployment(DeploymentEntity row) {
    List<ModelFile> files =
        row.files.stream().map(f -> new ModelFile(f.path, f.size, f.sha256)).toList();
    return new Deployment(
        row.id,
        row.team,
        row.name,
        row.model,
        new RegisteredVersion(row.modelName, row.version, row.digest, files),
        json.readValue(row.decoding, DecodingSettings.class),
        row.precision,
        row.status,
        row.detail,
        row.createdAt);
  }

  private static UnmaskException notFound(String id) {
    return new UnmaskException(
        ErrorCode.DEPLOYMENT_NOT_FOUND, "the team has no deployment with the id " + id);
  }
}
