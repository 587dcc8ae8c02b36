package dev.unmask.training.pipeline;

import dev.unmask.lm.trainer.LossByMaskRatio;
import dev.unmask.registry.api.HistogramsApi;
import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.registry.api.SamplesApi.Sample;
import dev.unmask.training.pipeline.TrainingSession.Validation;
import dev.unmask.training.tracking.RunTrackingService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What a run is told at a validation: the loss, the loss by mask ratio, and samples. */
@Component
class RunTelling {
  private static final Logger log = LoggerFactory.getLogger(RunTelling.class);
  private static final Duration LONGEST_SAMPLING = Duration.ofSeconds(10);
  private static final List<Double> EDGES =
      IntStream.rangeClosed(0, LossByMaskRatio.BINS)
          .mapToObj(i -> (double) i / LossByMaskRatio.BINS)
          .toList();

  private final RunTrackingService tracking;
  private final Clock clock;

  RunTelling(RunTrackingService tracking, Clock clock) {
    this.tracking = tracking;
    this.clock = clock;
  }

  void validated(UUID job, Validation validation, long step) {
    tracking.results(
        job,
        Map.of(
            "validation/nats_per_token", validation.natsPerToken(),
            "validation/bits_per_byte", validation.bitsPerByte()),
        step);
    LossByMaskRatio losses = validation.byMaskRatio();
    if (losses != null) {
      tracking.histogram(
          job,
          new Histogram(
              HistogramsApi.LOSS_BY_MASK_RATIO,
              step,
              EDGES,
              losses.tokens(),
              losses.nats(),
              clock.instant()));
    }
  }

  /** Samples of the present weights, where the job wants some; what fails here fails nothing. */
  void sample(RunningJob running, TrainingSession session) {
    Integer count = running.job().spec().samples();
    if (count == null || count == 0) {
      return;
    }
    try {
      long start = System.nanoTime();
      Instant now = clock.instant();
      long step = session.optimizerStep();
      List<Sample> samples =
          session.samples(count, LONGEST_SAMPLING).stream()
              .map(of -> new Sample(of.name(), step, of.index(), of.prompt(), of.text(), now))
              .toList();
      tracking.samples(running.id(), samples);
      log.info(
          "{} samples at optimizer step {} took {} ms",
          samples.size(),
          step,
          (System.nanoTime() - start) / 1_000_000);
    } catch (RuntimeException failure) {
      log.warn("no samples at optimizer step {}", session.optimizerStep(), failure);
    }
  }
}
