package dev.unmask.training.job;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param queueCapacity jobs that may wait, over all teams
 * @param retryAfter what a full queue tells callers to wait
 * @param maxParameters largest model that a spec may ask for
 */
@Validated
@ConfigurationProperties("unmask.training.job")
record JobProperties(
    @DefaultValue("16") @Min(1) @Max(10_000) int queueCapacity,
    @DefaultValue("60s") @NotNull Duration retryAfter,
    @DefaultValue("500000000") @Min(1) long maxParameters) {}
