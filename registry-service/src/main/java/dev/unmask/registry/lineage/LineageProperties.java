package dev.unmask.registry.lineage;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param staleAfter silence of a service after which what it serves is shown as stale
 * @param forgetAfter silence after which it is shown no more
 */
@Validated
@ConfigurationProperties("unmask.registry.deployments")
record LineageProperties(
    @DefaultValue("2m") @DurationMin(millis = 100) Duration staleAfter,
    @DefaultValue("7d") @DurationMin(seconds = 1) Duration forgetAfter) {}
