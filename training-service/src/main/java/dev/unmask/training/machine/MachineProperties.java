package dev.unmask.training.machine;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param enabled whether runs are told what they take of the machine
 * @param every pause between two looks
 */
@Validated
@ConfigurationProperties("unmask.training.machine")
record MachineProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("10s") @DurationMin(millis = 100) Duration every) {}
