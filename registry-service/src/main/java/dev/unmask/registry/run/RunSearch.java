package dev.unmask.registry.run;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.PageToken;
import java.util.List;

/**
 * @param experiments numbers of the experiments to look into
 * @param most runs a page
 */
public record RunSearch(
    List<Long> experiments,
    Filter filter,
    List<OrderClause> order,
    RunView view,
    int most,
    PageToken start) {}
