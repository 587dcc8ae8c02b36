package dev.unmask.registry.retention;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param enabled whether this process removes anything; purges are accepted either way
 * @param poll how often it looks for work that another process left
 * @param lease how long the runs of a process that died wait for another one
 * @param chunkRuns runs that are removed in one transaction
 * @param chunkPoints metric points that are removed in one transaction
 * @param share of the time that removal may take; it rests in between
 * @param blobGrace how long a blob that nothing names stays; as long as a backup of database and
 *     blobs takes
 * @param draftAge how long an upload may stand still before it is taken for dead
 * @param sweepEvery how often the whole store is compared with the database
 */
@Validated
@ConfigurationProperties("unmask.registry.retention")
record RetentionProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("5s") Duration poll,
    @DefaultValue("1m") Duration lease,
    @DefaultValue("200") @Min(1) @Max(10_000) int chunkRuns,
    @DefaultValue("20000") @Min(1) @Max(1_000_000) int chunkPoints,
    @DefaultValue("0.5") @DecimalMin("0.01") @DecimalMax("1") double share,
    @DefaultValue("1h") Duration blobGrace,
    @DefaultValue("1h") Duration draftAge,
    @DefaultValue("24h") Duration sweepEvery) {}
