package dev.unmask.inference.engine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Bounds of the engine.
 *
 * @param maxRunningRequests requests that take turns on the device; each holds a KV cache
 * @param maxQueuedRequests requests that wait for a place; one more answers 429
 * @param queueTimeout how long a request may wait for its first denoising step
 * @param requestTimeout how long a request may take altogether
 * @param drainTimeout how long running requests may go on when the service stops
 */
@Validated
@ConfigurationProperties("unmask.inference.engine")
public record EngineProperties(
    @DefaultValue("4") @Min(1) @Max(256) int maxRunningRequests,
    @DefaultValue("64") @Min(0) @Max(10_000) int maxQueuedRequests,
    @DefaultValue("30s") Duration queueTimeout,
    @DefaultValue("10m") Duration requestTimeout,
    @DefaultValue("5s") Duration drainTimeout) {}
