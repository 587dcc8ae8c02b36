package dev.unmask.inference.api;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to deploy, and how it decodes when a request does not say.
 *
 * @param name label of the deployment, unique within the team
 * @param model {@code models:/NAME@ALIAS} or {@code models:/NAME/VERSION}; an alias is resolved
 *     once, so a deployment serves the same version until it is deleted
 * @param decoding defaults for requests; what it leaves out comes from the model's own directory
 * @param precision number type of the weights; AUTO measures and picks
 */
public record CreateDeployment(
    @NotNull
        @Pattern(
            regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}",
            message = "must start with a letter or digit and hold only letters, digits, . _ -")
        String name,
    @NotNull
        @Pattern(
            regexp =
                "models:/[^/:@#?%\\\\\\p{Cntrl}]{1,256}(@[A-Za-z0-9._-]{1,255}|/[1-9][0-9]{0,8})",
            message = "must read models:/NAME@ALIAS or models:/NAME/VERSION")
        String model,
    @Valid @Nullable DecodingSettings decoding,
    @Nullable DeploymentPrecision precision) {}
