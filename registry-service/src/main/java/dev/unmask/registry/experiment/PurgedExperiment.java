package dev.unmask.registry.experiment;

/** How SQL of other features leaves out what belongs to experiments that are being purged. */
public final class PurgedExperiment {

  private PurgedExperiment() {}

  /**
   * A condition for the row of a table with {@code team_id} and {@code experiment_number}.
   *
   * @param row the row's name in the statement
   */
  public static String isNotThatOf(String row) {
    return "NOT EXISTS (SELECT 1 FROM experiments purged WHERE purged.lifecycle = 'purging'"
        + " AND purged.team_id = "
        + row
        + ".team_id AND purged.number = "
        + row
        + ".experiment_number)";
  }
}
