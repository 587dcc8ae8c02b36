package dev.unmask.registry.run;

/**
 * A run logged NaN or an infinity; told in the transaction of that, once a batch and key.
 *
 * @param step the first step of the batch that has such a value
 */
public record MetricNotFinite(
    String teamId, String runId, String name, String key, double value, long step) {}
