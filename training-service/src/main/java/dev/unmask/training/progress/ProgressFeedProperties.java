package dev.unmask.training.progress;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param poll how often watchers see progress
 * @param heartbeat longest silence of a stream; a comment line breaks it
 * @param maxStreams watchers at once
 */
@Validated
@ConfigurationProperties("unmask.training.events")
record ProgressFeedProperties(
    @DefaultValue("500ms") @NotNull Duration poll,
    @DefaultValue("10s") @NotNull Duration heartbeat,
    @DefaultValue("200") @Min(1) int maxStreams) {}
