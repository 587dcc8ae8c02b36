package dev.unmask.registry.artifact;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * @param directory where the blob store lives
 * @param maxUpload largest artifact that is accepted
 */
@Validated
@ConfigurationProperties("unmask.registry.artifacts")
public record ArtifactProperties(
    @NotNull Path directory, @DefaultValue("10GB") DataSize maxUpload) {}
