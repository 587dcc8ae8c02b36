package dev.unmask.registry.histogram;

/**
 * Which histograms of a run.
 *
 * @param from lowest step
 * @param to highest step
 * @param most histograms at most, 2 or more
 */
record HistogramQuery(String key, long from, long to, int most) {}
