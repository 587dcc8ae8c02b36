package dev.unmask.registry.run;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Page;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** All runs that a filter finds, for whoever does something to each of them. */
@Component
public class RunSelection {
  private static final int PAGE = 10_000;

  private final RunFinder finder;

  RunSelection(RunFinder finder) {
    this.finder = finder;
  }

  /**
   * Hands over the uids page by page. Pages fit together when the caller's transaction reads one
   * state of the database throughout.
   *
   * @throws dev.unmask.registry.query.InvalidQueryException when the filter has no meaning for runs
   */
  public void forEachPage(
      String teamId,
      List<Long> experiments,
      Filter filter,
      RunView view,
      Consumer<List<Long>> action) {
    @Nullable String after = null;
    do {
      RunSearch search = new RunSearch(experiments, filter, List.of(), view, PAGE, after);
      Page<Run> page = finder.find(teamId, search);
      action.accept(page.items().stream().map(Run::uid).toList());
      after = page.next();
    } while (after != null);
  }
}
