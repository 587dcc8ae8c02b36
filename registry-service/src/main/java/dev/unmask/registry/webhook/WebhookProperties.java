package dev.unmask.registry.webhook;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param ports that messages may go to
 * @param trustedTargets {@code host:port} of addresses inside the own network that messages may go
 *     to, by http, too; whoever may set this file may reach them anyway
 * @param timeout of one attempt
 * @param pauses before the second, third, ... attempt; after the last one the message is given up
 * @param every pause between two looks for messages to send
 */
@Validated
@ConfigurationProperties("unmask.registry.webhooks")
public record WebhookProperties(
    @DefaultValue({"443", "8443"}) @NotNull Set<Integer> ports,
    @DefaultValue @NotNull Set<String> trustedTargets,
    @DefaultValue("10s") @DurationMin(millis = 100) Duration timeout,
    @DefaultValue({"10s", "1m", "5m", "30m", "2h", "8h"}) @NotNull List<Duration> pauses,
    @DefaultValue("2s") @DurationMin(millis = 10) Duration every) {}
