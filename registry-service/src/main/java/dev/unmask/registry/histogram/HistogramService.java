package dev.unmask.registry.histogram;

import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.registry.api.HistogramsApi.HistogramKey;
import dev.unmask.registry.api.HistogramsApi.HistogramKeys;
import dev.unmask.registry.api.HistogramsApi.HistogramSeries;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.run.RunWritten;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Clock;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of histograms; everything is looked up within one team. */
@Service
class HistogramService {
  private static final int KEYS = 1_000;

  private final RunService runs;
  private final HistogramTable table;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  HistogramService(
      RunService runs, HistogramTable table, ApplicationEventPublisher events, Clock clock) {
    this.runs = runs;
    this.table = table;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Stores all of the histograms or none; repeating it changes nothing.
   *
   * @return how many are new
   */
  @Transactional
  public int log(String teamId, String runId, List<Histogram> histograms) {
    Run run = runs.lock(teamId, runId);
    List<Histogram> present = table.addAbsent(run.uid(), histograms, clock.millis());
    for (Histogram histogram : present) {
      if (!table.holds(run.uid(), histogram)) {
        throw new UnmaskException(
            ErrorCode.CONFLICT,
            "the run has another histogram '"
                + histogram.key()
                + "' at step "
                + histogram.step()
                + ": histograms never change, log it at another step or with another key;"
                + " nothing was stored");
      }
    }
    events.publishEvent(new RunWritten(run.uid()));
    return histograms.size() - present.size();
  }

  @Transactional(readOnly = true)
  public HistogramSeries read(String teamId, String runId, HistogramQuery wanted) {
    HistogramTable.Found found = table.read(runs.get(teamId, runId).uid(), wanted);
    return new HistogramSeries(
        wanted.key(), found.steps(), found.histograms().size() < found.steps(), found.histograms());
  }

  @Transactional(readOnly = true)
  public HistogramKeys keys(String teamId, String runId, String after) {
    List<HistogramKey> found = table.keys(runs.get(teamId, runId).uid(), after, KEYS + 1);
    if (found.size() <= KEYS) {
      return new HistogramKeys(found, null);
    }
    List<HistogramKey> shown = found.subList(0, KEYS);
    return new HistogramKeys(shown, shown.getLast().key());
  }
}
