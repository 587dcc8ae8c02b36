package dev.unmask.registry.run;

import dev.unmask.registry.query.Page;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Finds runs of one team and reads what was logged to them, a page at a time. */
@Service
public class RunSearchService {
  private final RunFinder finder;
  private final RunGroups groups;
  private final RunEntries entries;
  private final RunKeys keys;

  RunSearchService(RunFinder finder, RunGroups groups, RunEntries entries, RunKeys keys) {
    this.finder = finder;
    this.groups = groups;
    this.entries = entries;
    this.keys = keys;
  }

  /**
   * A page of runs without what was logged to them. The statements of a page see one state of the
   * database, so that no run is in two of them.
   */
  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public Page<Run> find(String teamId, RunSearch search) {
    return finder.find(teamId, search);
  }

  /** What was logged to the runs, in their order, by at most three queries. */
  @Transactional(readOnly = true)
  public List<Run.Details> load(List<Run> runs, RunFields fields) {
    return entries.load(runs, fields);
  }

  /**
   * The fields with the keys of each kind named, those of all runs that the search finds on all of
   * its pages.
   *
   * @throws dev.unmask.registry.query.InvalidQueryException for more than {@code most} keys
   */
  @Transactional(readOnly = true)
  public RunFields named(String teamId, RunSearch search, RunFields fields, int most) {
    return keys.named(teamId, search, fields, most);
  }

  /**
   * Runs with their params and tags.
   *
   * @throws dev.unmask.support.error.UnmaskException RUN_NOT_FOUND when the team lacks one of them
   */
  @Transactional(readOnly = true)
  public List<Run.Details> configurations(String teamId, List<String> runIds) {
    Map<String, Run> found = finder.byId(teamId, runIds);
    return entries.load(
        runIds.stream()
            .map(id -> Optional.ofNullable(found.get(id)).orElseThrow(() -> RunService.unknown(id)))
            .toList(),
        new RunFields(null, null, List.of()));
  }

  /** Those of the ids that no run of the team has. */
  @Transactional(readOnly = true)
  public List<String> unknown(String teamId, Collection<String> runIds) {
    Map<String, Run> found = finder.byId(teamId, runIds);
    return runIds.stream().distinct().filter(id -> !found.containsKey(id)).toList();
  }

  /**
   * Statistics of metrics over all runs that the filter lets through, grouped by a param or tag.
   *
   * @throws dev.unmask.registry.query.InvalidQueryException when there are too many groups
   */
  @Transactional(readOnly = true)
  public List<RunGroup> group(String teamId, RunGrouping grouping) {
    return groups.of(teamId, grouping);
  }
}
