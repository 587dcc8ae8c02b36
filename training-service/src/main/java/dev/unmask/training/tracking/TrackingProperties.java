package dev.unmask.training.tracking;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param capacity entries the buffer holds; beyond it metric batches are left out, nothing else
 * @param poll how often the sender looks for new entries
 * @param longestPause between two attempts to reach the registry
 */
@Validated
@ConfigurationProperties("unmask.training.tracking")
record TrackingProperties(
    @DefaultValue("200000") @Min(1) int capacity,
    @DefaultValue("500ms") @NotNull Duration poll,
    @DefaultValue("15s") @NotNull Duration longestPause) {}
