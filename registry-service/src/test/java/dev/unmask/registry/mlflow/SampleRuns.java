package dev.unmask.registry.mlflow;

import dev.unmask.registry.RegistryServer.Client;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes runs with the values that are hard to order: ties, NaN, infinities, zeros, none at all. */
final class SampleRuns {
  private static final double[] VALUES = {
    0.5, -1, 2.5, 0.0, -0.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };
  private static final String[] TEXTS = {
    "a", "B", "b", "Ä", "東", "\uD83D\uDE00", "\uFF5E", "a b", ""
  };

  private final Client team;
  private final Random random;

  SampleRuns(Client team, Random random) {
    this.team = team;
    this.random = random;
  }

  SampleRun add(String experiment) {
    String name = "run " + text();
    long start = random.nextLong(5);
    String id =
        team.post(
                "runs/create",
                "{\"experiment_id\": \"%s\", \"run_name\": \"%s\", \"start_time\": %d}"
                    .formatted(experiment, name, start))
            .json()
            .at("/run/info/run_id")
            .stringValue();
    Double loss = random.nextInt(4) == 0 ? null : value();
    Double accuracy = random.nextBoolean() ? null : value();
    String param = random.nextInt(3) == 0 ? null : text();
    String tag = random.nextInt(3) == 0 ? null : text();
    String logged = metric("loss", loss) + metric("accuracy", accuracy);
    ok(
        "runs/log-batch",
        "{\"run_id\": \"%s\", \"metrics\": [%s], \"params\": [%s], \"tags\": [%s]}"
            .formatted(
                id,
                logged.isEmpty() ? "" : logged.substring(1),
                entry("p", param),
                entry("t", tag)));
    Long end = random.nextBoolean() ? null : random.nextLong(10);
    if (end != null) {
      ok("runs/update", "{\"run_id\": \"%s\", \"end_time\": %d}".formatted(id, end));
    }
    boolean active = random.nextInt(5) > 0;
    if (!active) {
      ok("runs/delete", "{\"run_id\": \"" + id + "\"}");
    }
    return new SampleRun(id, experiment, name, start, end, active, loss, accuracy, param, tag);
  }

  private void ok(String call, String body) {
    var answer = team.post(call, body);
    if (answer.status() != 200) {
      throw new AssertionError(call + " " + body + ": " + answer);
    }
  }

  private double value() {
    return VALUES[random.nextInt(VALUES.length)];
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private static String metric(String key, @Nullable Double value) {
    return value == null
        ? ""
        : ",{\"key\": \"%s\", \"value\": \"%s\", \"timestamp\": 1}".formatted(key, value);
  }

  private static String entry(String key, @Nullable String value) {
    return value == null ? "" : "{\"key\": \"%s\", \"value\": \"%s\"}".formatted(key, value);
  }
}
