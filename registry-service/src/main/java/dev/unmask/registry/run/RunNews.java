package dev.unmask.registry.run;

import dev.unmask.registry.metric.MetricPoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Tells other features what was logged; called in the transaction of that. */
@Component
class RunNews {
  private final ApplicationEventPublisher events;

  RunNews(ApplicationEventPublisher events) {
    this.events = events;
  }

  /**
   * @param name of the run
   */
  void logged(RunAddress run, long uid, String name, List<MetricPoint> points) {
    events.publishEvent(new RunWritten(uid));
    // Once for each key.
    Map<String, MetricPoint> first = new TreeMap<>();
    for (MetricPoint point : points) {
      if (!Double.isFinite(point.value())) {
        first.merge(point.key(), point, (a, b) -> b.step() < a.step() ? b : a);
      }
    }
    for (MetricPoint point : first.values()) {
      events.publishEvent(
          new MetricNotFinite(
              run.teamId(), run.runId(), name, point.key(), point.value(), point.step()));
    }
  }
}
