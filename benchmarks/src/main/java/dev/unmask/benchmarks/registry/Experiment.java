package dev.unmask.benchmarks.registry;

/**
 * An experiment of the stack's owner.
 *
 * @param id as clients name it: its number
 * @param uid as its rows name it
 */
record Experiment(String id, long uid) {

  /** The experiment of a name, which is made where it is not there. */
  static Experiment named(String name, RegistryClient client, Database database) {
    long number = Long.parseLong(client.experiment(name));
    return new Experiment(
        Long.toString(number),
        database.number("SELECT uid FROM experiments WHERE number = " + number));
  }

  /** SQL: whether a row {@code r} of {@code runs} is of this experiment, as its index wants it. */
  String holds() {
    return "r.team_id = (SELECT team_id FROM experiments WHERE uid = "
        + uid
        + ") AND r.experiment_number = "
        + id;
  }
}
