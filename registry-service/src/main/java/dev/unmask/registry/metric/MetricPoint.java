package dev.unmask.registry.metric;

/**
 * One logged value; all four parts are its identity.
 *
 * @param value may be NaN or infinite
 * @param timestamp milliseconds since the epoch
 * @param step may be negative
 */
public record MetricPoint(String key, double value, long timestamp, long step) {}
