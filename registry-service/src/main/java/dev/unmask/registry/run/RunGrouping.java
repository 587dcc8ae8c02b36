package dev.unmask.registry.run;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import java.util.List;

/**
 * @param experiments numbers of the experiments to look into
 * @param by a param or a tag
 * @param metrics keys of the metrics to describe
 */
public record RunGrouping(
    List<Long> experiments, Filter filter, RunView view, Identifier by, List<String> metrics) {}
