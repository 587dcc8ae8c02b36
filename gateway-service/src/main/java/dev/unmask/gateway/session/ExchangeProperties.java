package dev.unmask.gateway.session;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The exchange of API tokens at the registry.
 *
 * @param cacheSize tokens remembered; the least recently used one makes room
 * @param freshFor after this long an exchange is asked for again, so that a revoked token stops
 *     working soon; when the registry is away, the old one serves until its jwt expires
 * @param timeout how long the registry may take to answer
 */
@Validated
@ConfigurationProperties("unmask.gateway.exchange")
record ExchangeProperties(
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int cacheSize,
    @DefaultValue("60s") Duration freshFor,
    @DefaultValue("5s") Duration timeout) {}
