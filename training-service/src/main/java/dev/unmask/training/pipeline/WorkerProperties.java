package dev.unmask.training.pipeline;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param enabled whether this process computes
 * @param poll how often an idle worker looks into the queue
 * @param lease without a heartbeat for this long, another worker takes the job over
 * @param stopTimeout what a shutdown waits for the running optimizer step
 */
@Validated
@ConfigurationProperties("unmask.training.worker")
record WorkerProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("1s") @NotNull Duration poll,
    @DefaultValue("30s") @NotNull Duration lease,
    @DefaultValue("20s") @NotNull Duration stopTimeout) {}
