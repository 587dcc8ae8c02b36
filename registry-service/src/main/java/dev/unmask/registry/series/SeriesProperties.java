package dev.unmask.registry.series;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param pause shortest time between two looks for series to summarise; after a long look it is
 *     longer, so that summaries take a fifth of the time of one connection at most
 */
@Validated
@ConfigurationProperties("unmask.registry.series")
record SeriesProperties(@DefaultValue("3s") @DurationMin(millis = 10) Duration pause) {}
