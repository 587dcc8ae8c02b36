package dev.unmask.lm.family.dsm;

import dev.unmask.lm.family.dsm.GaussianProcess.VarianceExploding;
import dev.unmask.lm.family.dsm.GaussianProcess.VariancePreserving;
import java.util.Arrays;

/** What a job may choose of how noise grows: the process, and when each token goes through it. */
enum ScoreSchedule {
  // The first is the default: with one noise level for all tokens a small network learns hardly
  // more than their frequencies.
  PRESERVING_BY_TOKEN("variance-preserving-by-token", new VariancePreserving(), Clock.BY_TOKEN),
  EXPLODING_BY_TOKEN("variance-exploding-by-token", Clock.EXPLODING, Clock.BY_TOKEN),
  PRESERVING("variance-preserving", new VariancePreserving(), TokenClocks.ONE),
  EXPLODING("variance-exploding", Clock.EXPLODING, TokenClocks.ONE);

  private static final class Clock {
    private static final TokenClocks BY_TOKEN = new TokenClocks(0.25);
    private static final GaussianProcess EXPLODING = new VarianceExploding(0.01, 20);
  }

  private final String label;
  private final GaussianProcess process;
  private final TokenClocks clocks;

  ScoreSchedule(String label, GaussianProcess process, TokenClocks clocks) {
    this.label = label;
    this.process = process;
    this.clocks = clocks;
  }

  /** What jobs call it. */
  String label() {
    return label;
  }

  GaussianProcess process() {
    return process;
  }

  TokenClocks clocks() {
    return clocks;
  }

  static String[] labels() {
    return Arrays.stream(values()).map(ScoreSchedule::label).toArray(String[]::new);
  }

  /** The schedule of a checked choice. */
  static ScoreSchedule named(String label) {
    return Arrays.stream(values())
        .filter(schedule -> schedule.label.equals(label))
        .findFirst()
        .orElseThrow();
  }

  /** The schedule of a network's kind, whatever the constants. */
  static ScoreSchedule of(DsmConfig config) {
    boolean one = config.clocks().equals(TokenClocks.ONE);
    return switch (config.process()) {
      case VariancePreserving ignored -> one ? PRESERVING : PRESERVING_BY_TOKEN;
      case VarianceExploding ignored -> one ? EXPLODING : EXPLODING_BY_TOKEN;
    };
  }
}
