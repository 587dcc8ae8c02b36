package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;

/**
 * What is measured: a running stack with seeded rows, and how much is asked of it.
 *
 * @param gateway the way of users
 * @param service the registry itself
 */
record Session(
    RegistryScale scale,
    Stack stack,
    RegistryClient gateway,
    RegistryClient service,
    Database database,
    PostgresFloor postgres) {

  static Session of(Stack stack, RegistryScale scale) {
    Database database = stack.database();
    return new Session(
        scale,
        stack,
        stack.gateway(),
        stack.service(),
        database,
        new PostgresFloor(database, scale));
  }

  /** The experiment of a name, made where it is not there. */
  Experiment experiment(String name) {
    return Experiment.named(name, gateway, database);
  }

  /** The id of a new run of the experiment that loads write to. */
  String newRun(String name) {
    return gateway.newRun(experiment("benchmark loads").id(), name);
  }

  /** What PostgreSQL is and holds. */
  Result facts() {
    return Result.of(
            Row.BENCHMARK,
            "database",
            database.number("SELECT pg_database_size(current_database())") / 1e6,
            "MB")
        .with("postgres", setting("server_version"))
        .with("shared_buffers", setting("shared_buffers"))
        .with("synchronous_commit", setting("synchronous_commit"))
        .with("fsync", setting("fsync"))
        .with(
            "schema",
            database.text(
                "SELECT version FROM flyway_schema_history WHERE version IS NOT NULL"
                    + " ORDER BY installed_rank DESC LIMIT 1"))
        .with("runs", database.number("SELECT count(*) FROM runs"))
        .with("points", database.number("SELECT count(*) FROM metric_points"))
        .with("scale", scale.name());
  }

  private String setting(String name) {
    return database.text("SHOW " + name);
  }
}
