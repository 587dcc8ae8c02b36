package dev.unmask.registry.imports;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.access.Teams;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A team of the shared registry, which plays the MLflow server to be left: two experiments, runs
 * with everything, one of them with 25,001 points, and a model of two versions.
 */
final class SourceTeam {
  static final int POINTS = 25_001;
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

  private final RegistryServer registry = RegistryServer.shared();
  private final Teams teams = new Teams(registry);
  final String suffix = UUID.randomUUID().toString().substring(0, 8);
  final Client admin = teams.caller(Teams.ADMIN);
  final List<String> runs = new ArrayList<>();
  final String experiment = experiment("denoise " + suffix);
  final String model = "lm-" + suffix;

  SourceTeam() {
    String other = experiment("other " + suffix);
    for (int i = 0; i < 6; i++) {
      runs.add(run(i < 4 ? experiment : other, i));
    }
    addPoints(runs.getFirst());
    ok(admin.post("registered-models/create", body("'name': '" + model + "', 'description': 'd'")));
    version("runs:/" + runs.getFirst() + "/model");
    version("mlflow-artifacts:/" + experiment + "/" + runs.get(1) + "/artifacts/model");
    ok(
        admin.post(
            "registered-models/alias",
            body("'name': '" + model + "', 'alias': 'champion', 'version': '2'")));
  }

  String token() {
    return teams.caller("viewer").jwt();
  }

  private String experiment(String name) {
    return ok(admin.post(
            "experiments/create",
            body("'name': '" + name + "', 'tags': [{'key': 'why', 'value': 'to try'}]")))
        .json()
        .get("experiment_id")
        .stringValue();
  }

  private String run(String of, int number) {
    String id =
        ok(admin.post(
                "runs/create",
                body(
                    "'experiment_id': '%s', 'run_name': 'run %d', 'user_id': 'ann', 'start_time': %d"
                        .formatted(of, number, 1_000 + number))))
            .json()
            .at("/run/info/run_id")
            .stringValue();
    ok(
        admin.post(
            "runs/log-batch",
            body(
                """
                'run_id': '%s',
                'params': [{'key': 'lr', 'value': '0.%d'}, {'key': 'empty', 'value': ''}],
                'tags': [{'key': 'note', 'value': 'ü "quoted" %d'}],
                'metrics': [{'key': 'loss', 'value': 0.5, 'timestamp': 5, 'step': 1},
                            {'key': 'loss', 'value': 0.25, 'timestamp': 6, 'step': 2},
                            {'key': 'odd/NaN', 'value': 'NaN', 'timestamp': 7, 'step': -3},
                            {'key': 'inf', 'value': '-Infinity', 'timestamp': 7, 'step': 0}]"""
                    .formatted(id, number, number))));
    ok(
        admin.post(
            "runs/log-inputs",
            body(
                """
                'run_id': '%s', 'datasets': [{'dataset': {'name': 'corpus', 'digest': 'sha%d',
                'source_type': 'local', 'source': 's', 'schema': '[]'},
                'tags': [{'key': 'mlflow.data.context', 'value': 'train'}]}]"""
                    .formatted(id, number))));
    put(of, id, "model/config.json", "{\"run\": " + number + "}");
    put(of, id, "samples/a b.txt", "sample of " + number);
    ok(
        admin.post(
            "runs/update",
            body("'run_id': '" + id + "', 'status': 'FINISHED', 'end_time': " + (2_000 + number))));
    return id;
  }

  private void put(String of, String run, String path, String content) {
    ok(
        admin.send(
            "PUT",
            FILES + of + "/" + run + "/artifacts/" + path.replace(" ", "%20"),
            BodyPublishers.ofString(content)));
  }

  private void addPoints(String run) {
    registry
        .bean(JdbcTemplate.class)
        .update(
            "WITH s AS (INSERT INTO registry.metric_series (run_uid, experiment_uid, key,"
                + " latest_step, latest_timestamp, latest_value, dirty_from_step) SELECT r.uid,"
                + " e.uid, 'long', ? - 1, 9, (? - 1) / 8.0, 0 FROM registry.runs r"
                + " JOIN registry.experiments e ON e.team_id = r.team_id"
                + " AND e.number = r.experiment_number WHERE r.run_id = ? RETURNING id)"
                + " INSERT INTO registry.metric_points (series_id, step, \"timestamp\", value)"
                + " SELECT s.id, n, 9, n / 8.0 FROM s, generate_series(0, ? - 1) n",
            POINTS,
            POINTS,
            run,
            POINTS);
  }

  void version(String source) {
    ok(
        admin.post(
            "model-versions/create",
            body(
                "'name': '%s', 'source': '%s', 'tags': [{'key': 'a', 'value': 'b'}]"
                    .formatted(model, source))));
  }

  static String body(String fields) {
    return "{" + fields.replace("\"", "\\\"").replace('\'', '"') + "}";
  }

  static Answer ok(Answer answer) {
    if (answer.status() / 100 != 2) {
      throw new AssertionError(answer.toString());
    }
    return answer;
  }
}
