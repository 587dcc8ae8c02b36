package dev.unmask.support.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may read metrics without a token.
 *
 * @param openTo addresses and networks of scrapers, for instance {@code 10.0.3.0/24}; a peer that
 *     forwards for somebody else never counts
 */
@ConfigurationProperties("unmask.metrics")
record MetricsProperties(@DefaultValue({"127.0.0.0/8", "::1"}) List<String> openTo) {}
