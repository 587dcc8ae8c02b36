package dev.unmask.registry.sample;

import dev.unmask.registry.api.SamplesApi.Sample;
import dev.unmask.registry.api.SamplesApi.SamplePage;
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

/** The use cases of text samples; everything is looked up within one team. */
@Service
class SampleService {
  private final RunService runs;
  private final SampleTable table;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  SampleService(RunService runs, SampleTable table, ApplicationEventPublisher events, Clock clock) {
    this.runs = runs;
    this.table = table;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Stores all of the samples or none; repeating it changes nothing.
   *
   * @return how many are new
   */
  @Transactional
  public int log(String teamId, String runId, List<Sample> samples) {
    Run run = runs.lock(teamId, runId);
    int stored = table.addAbsent(run.uid(), samples, clock.millis());
    if (stored < samples.size()) {
      table.anyOther(run.uid(), samples).ifPresent(SampleService::refuse);
    }
    events.publishEvent(new RunWritten(run.uid()));
    return stored;
  }

  @Transactional(readOnly = true)
  public SamplePage read(String teamId, String runId, SampleQuery wanted) {
    Run run = runs.get(teamId, runId);
    String search =
        String.join(
            "\n",
            "samples",
            teamId,
            runId,
            String.valueOf(wanted.from()),
            String.valueOf(wanted.to()),
            wanted.name() == null ? "all" : "named " + wanted.name());
    SampleTable.Page page = table.read(run.uid(), wanted, SampleKey.decode(wanted.after(), search));
    String next = page.complete() ? null : SampleKey.of(page.samples().getLast()).encode(search);
    return new SamplePage(page.samples(), next);
  }

  private static void refuse(SampleKey key) {
    throw new UnmaskException(
        ErrorCode.CONFLICT,
        "the run has another text or prompt at step "
            + key.step()
            + ", name '"
            + key.name()
            + "', index "
            + key.index()
            + ": samples never change, log it with another index; nothing was stored");
  }
}
