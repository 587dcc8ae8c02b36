package dev.unmask.registry.promotion;

import java.util.Map;

/**
 * What rules look at.
 *
 * @param metrics latest finite value of each metric of the version's run
 * @param tags of the version
 */
record Candidate(Map<String, Double> metrics, Map<String, String> tags) {}
