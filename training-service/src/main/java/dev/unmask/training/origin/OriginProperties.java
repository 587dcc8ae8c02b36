package dev.unmask.training.origin;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * @param git whether git is asked for commit and difference when the service runs from a checkout
 * @param longestDifference a longer one is left out, which a tag then says; 0B leaves out every one
 * @param longestWait for one answer of git
 */
@Validated
@ConfigurationProperties("unmask.training.origin")
record OriginProperties(
    @DefaultValue("true") boolean git,
    @DefaultValue("1MB") DataSize longestDifference,
    @DefaultValue("5s") @DurationMin(millis = 1) Duration longestWait) {}
