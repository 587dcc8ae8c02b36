package dev.unmask.registry.imports;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param ports of public servers that may be imported from
 * @param trustedTargets {@code host:port} of servers inside the own network that may be, too, also
 *     by http
 * @param timeout to connect, and between two pieces of an answer
 * @param lease how long an import waits for whoever works on it before another goes on
 * @param pauses before the second, third, ... try of a server that does not answer; after the last
 *     one without any progress the import is given up
 * @param every pause between two looks for imports to work on
 */
@Validated
@ConfigurationProperties("unmask.registry.imports")
record ImportProperties(
    @DefaultValue({"443", "8443"}) @NotNull Set<Integer> ports,
    @DefaultValue @NotNull Set<String> trustedTargets,
    @DefaultValue("60s") @DurationMin(millis = 100) Duration timeout,
    @DefaultValue("3m") @DurationMin(millis = 100) Duration lease,
    @DefaultValue({"10s", "1m", "5m", "30m", "2h"}) @NotNull List<Duration> pauses,
    @DefaultValue("2s") @DurationMin(millis = 10) Duration every) {}
