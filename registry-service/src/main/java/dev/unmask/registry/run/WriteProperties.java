package dev.unmask.registry.run;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What may be logged to one run at once.
 *
 * @param waiting batches that wait for the ones before them; more are answered 429
 * @param longestWait after this long a batch that still waits is answered 503
 */
@Validated
@ConfigurationProperties("unmask.registry.writes")
record WriteProperties(
    @DefaultValue("96") @Min(1) @Max(10_000) int waiting,
    @DefaultValue("15s") @NotNull Duration longestWait) {}
