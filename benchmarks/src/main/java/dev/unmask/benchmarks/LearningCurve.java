package dev.unmask.benchmarks;

import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training runs that are validated on their way, all by {@link BlockBound}. Values are kept as they
 * come; a run of which one is missing is repeated up to it.
 *
 * @param kept values of earlier calls
 * @param work where the model of a moment is written to be scored as it decodes
 * @param rows validation rows that are scored, spread over the text
 */
record LearningCurve(CharacterText text, KeptValues kept, Path work, int rows) {

  private static final Logger log = LoggerFactory.getLogger(LearningCurve.class);
  private static final long VALIDATION_SEED = 1;

  /**
   * @param steps optimizer steps behind it
   * @param nats upper bound per character
   */
  record Point(int steps, double nats) {}

  /**
   * Trains by a plan.
   *
   * @param run name under which values are kept: everything that decides them
   * @param points optimizer steps to validate after, ascending
   */
  List<Point> of(String run, MethodPlan plan, List<Integer> points) {
    List<Point> curve = new ArrayList<>();
    try (Course course = new Course(plan, work.resolve("at-work-" + TrainingCell.digest(run)))) {
      for (int steps : points) {
        double nats = kept.get(run + ", after " + steps, () -> course.natsAfter(steps));
        log.info("{}: {} nats after {} steps", run, nats, steps);
        curve.add(new Point(steps, nats));
      }
    }
    return curve;
  }

  /** The bound of a model directory. */
  double nats(Path directory) {
    try (DiffusionModel model = Families.open(directory, PrecisionChoice.F32)) {
      return BlockBound.natsPerToken(
          model.blockwise().orElseThrow(), spread(text.validation(), rows), VALIDATION_SEED);
    }
  }

  /** What a next-token model comes to on the same rows, exactly. */
  double nextTokenNats(Path directory) {
    try (NextTokenJudge judge = NextTokenJudge.open(directory)) {
      return spread(text.validation(), rows).stream()
          .mapToDouble(row -> judge.natsPerToken(row, 1))
          .average()
          .orElseThrow();
    }
  }

  private static List<int[]> spread(PackedSequences rows, int count) {
    int stride = Math.max(1, rows.count() / count);
    List<int[]> chosen = new ArrayList<>();
    for (int i = 0; i < rows.count() && chosen.size() < count; i += stride) {
      chosen.add(rows.sequence(i));
    }
    return chosen;
  }

  /** A run that begins when its first value is asked for. */
  private final class Course implements AutoCloseable {
    private final MethodPlan plan;
    private final Path moment;
    private @Nullable TrainingRun run;

    /**
     * @param moment where the model of a moment is written
     */
    Course(MethodPlan plan, Path moment) {
      this.plan = plan;
      this.moment = moment;
    }

    double natsAfter(int steps) {
      if (run == null) {
        run = plan.open(text.training(), null);
      }
      while (run.position().optimizerStep() < steps) {
        StartedTraining.step(run, plan);
      }
      run.exportModel(moment, CharacterText.CHARACTERS);
      return nats(moment);
    }

    @Override
    public void close() {
      if (run != null) {
        run.close();
      }
    }
  }
}
