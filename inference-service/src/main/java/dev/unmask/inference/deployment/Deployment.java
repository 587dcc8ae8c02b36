package dev.unmask.inference.deployment;

import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.inference.api.DeploymentPrecision;
import dev.unmask.inference.api.DeploymentStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registered version that a team wants served.
 *
 * @param reference as the team wrote it
 * @param version what it was resolved to when it was created
 * @param detail why it FAILED, or what it waits for
 */
public record Deployment(
    String id,
    String team,
    String name,
    String reference,
    RegisteredVersion version,
    DecodingSettings decoding,
    DeploymentPrecision precision,
    DeploymentStatus status,
    @Nullable String detail,
    Instant createdAt) {

  /** The name that answers to {@code modelId}: {@code NAME}, {@code NAME:VERSION}, an alias. */
  public boolean answersTo(String modelId) {
    return modelId.equals(name)
        || modelId.equals(version.name())
        || modelId.equals(resolvedModel())
        || modelId.equals(aliasedModel());
  }

  /** {@code NAME:VERSION}. */
  public String resolvedModel() {
    return version.name() + ":" + version.version();
  }

  /** {@code NAME@ALIAS}, null when the reference names a version. */
  public @Nullable String aliasedModel() {
    String alias = ModelReference.parse(reference).alias();
    return alias == null ? null : version.name() + "@" + alias;
  }
}
