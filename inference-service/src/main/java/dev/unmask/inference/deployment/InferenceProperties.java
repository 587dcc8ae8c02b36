package dev.unmask.inference.deployment;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where model files are kept and how patiently they are fetched.
 *
 * @param dataDirectory holds the content-addressed model cache
 * @param registryRetry first pause before the registry is asked again; doubles up to {@code
 *     registryRetryLimit}
 * @param reportEvery how often the registry is told what is served here
 */
@Validated
@ConfigurationProperties("unmask.inference")
record InferenceProperties(
    @NotNull Path dataDirectory,
    @DefaultValue("1s") Duration registryRetry,
    @DefaultValue("30s") Duration registryRetryLimit,
    @DefaultValue("45s") Duration reportEvery) {}
