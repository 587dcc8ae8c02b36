package dev.unmask.registry.mlflow;

import dev.unmask.registry.experiment.ExperimentService;
import java.util.regex.Pattern;

/** Experiment ids as the protocol writes them: decimal text. */
final class ExperimentIds {
  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,63}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private ExperimentIds() {}

  /** The number; a well-formed id that is no number is that of no experiment. */
  static long parse(String id) {
    if (!FORM.matcher(id).matches()) {
      throw MlflowRequest.fault("Invalid experiment ID: '" + id + "'");
    }
    if (!NUMBER.matcher(id).matches()) {
      throw ExperimentService.unknown(id);
    }
    return Long.parseLong(id);
  }
}
