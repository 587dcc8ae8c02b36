package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as its team sees it.
 *
 * @param model the reference it was created with
 * @param modelName registered name, {@code version} the version the reference was resolved to
 * @param digest {@code sha256:...} of the version's file manifest, verified on every load
 * @param detail why it FAILED, or what a LOADING one waits for
 * @param precision that was asked for
 * @param decoding the defaults it was created with
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentView(
    String id,
    String name,
    String model,
    String modelName,
    int version,
    String digest,
    DeploymentStatus status,
    @Nullable String detail,
    DeploymentPrecision precision,
    DecodingSettings decoding,
    Instant createdAt) {}
