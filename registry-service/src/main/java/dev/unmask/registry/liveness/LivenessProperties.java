package dev.unmask.registry.liveness;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param staleAfter silence after which a run that says RUNNING is shown as stale
 * @param beatEvery pause between two writings of signs of life, all runs' in one statement
 */
@Validated
@ConfigurationProperties("unmask.registry.runs")
public record LivenessProperties(
    @DefaultValue("10m") @DurationMin(seconds = 1) Duration staleAfter,
    @DefaultValue("10s") @DurationMin(millis = 10) Duration beatEvery) {}
