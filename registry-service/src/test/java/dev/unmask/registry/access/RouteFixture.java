package dev.unmask.registry.access;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.RouteTable.Line;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One experiment, run, artifact, model, version and so on of the own team, whose names fill the
 * variables of routes and requests. To give a new route its things, add them in {@link #fill()}.
 */
final class RouteFixture {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\*?(\\w+)}");
  private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)=(\\S+)\\s+(.*)");

  private final Teams teams;
  private final Map<String, String> values = new HashMap<>();

  RouteFixture(Teams teams) {
    this.teams = teams;
  }

  /** Calls the route as its line says; what the call may have changed is made anew afterwards. */
  Answer call(Line line, String caller) {
    if (values.isEmpty()) {
      fill();
    }
    values.put("unique", "n" + UUID.randomUUID());
    values.put("ownToken", ownToken(caller));
    String method = line.method().equals("ANY") ? "GET" : line.method();
    Answer answer = send(client(caller), method, line.route(), line.request());
    if (!method.equals("GET") && answer.status() < 300) {
      values.clear();
    }
    return answer;
  }

  private Client client(String caller) {
    return caller.equals(Teams.SHARED)
        ? teams.holder(teams.newShare(value("run")))
        : teams.caller(caller);
  }

  /** What the table's variables stand for. */
  private void fill() {
    Client admin = teams.caller(Teams.ADMIN);
    values.put("team", teams.id());
    values.put("experiment", experiment(admin));
    values.put("deletedExperiment", experiment(admin));
    ok(admin.post("experiments/delete", filled("{\"experiment_id\": \"{deletedExperiment}\"}")));
    ok(
        admin.post(
            "experiments/set-experiment-tag",
            filled("{\"experiment_id\": \"{experiment}\", \"key\": \"k\", \"value\": \"v\"}")));
    values.put("run", run(admin));
    values.put("deletedRun", run(admin));
    ok(admin.post("runs/delete", filled("{\"run_id\": \"{deletedRun}\"}")));
    values.put("path", "model/config.json");
    ok(
        admin.send(
            "PUT",
            filled(
                "/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/config.json"),
            BodyPublishers.ofString("{}")));
    loggedModel(admin);
    model(admin);
    values.put("user", teams.newMember("member"));
    values.put("share", teams.newShare(value("run")).at("/share/id").stringValue());
    values.put("nextWeek", Instant.now().plus(Duration.ofDays(7)).toString());
    values.put("token", teams.newToken(value("user")).at("/details/id").stringValue());
    values.put("alert", alert(admin));
    values.put("webhook", webhook(admin));
    values.put(
        "comment", created(admin, "/api/v1/registry/runs/{run}/comments", "{\"text\": \"c\"}"));
    values.put("view", view(admin));
    String report =
        """
        {"title": "r", "text": "",
         "panels": [{"kind": "curves", "runs": ["{run}"], "metrics": ["m"]}]}
        """;
    values.put("report", created(admin, "/api/v1/registry/reports", report));
    values.put(
        "purge",
        created(admin, "/api/v1/registry/runs/purge", "{\"experiments\": [{deletedExperiment}]}"));
    values.put("import", importUnderWay(admin));
  }

  /** The id of what is made by the call. */
  private String created(Client admin, String path, String body) {
    return ok(admin.send("POST", filled(path), filled(body))).json().get("id").asString();
  }

  /** Of a metric that is not a number. */
  private String alert(Client admin) {
    ok(
        admin.post(
            "runs/log-metric",
            filled(
                "{\"run_id\": \"{run}\", \"key\": \"nan\", \"value\": \"NaN\", \"timestamp\": 1}")));
    return ok(admin.send("GET", "/api/v1/registry/alerts", BodyPublishers.noBody()))
        .json()
        .get(0)
        .get("id")
        .asString();
  }

  /** One of its first version in the place of those before, because a user has only so many. */
  private String view(Client admin) {
    String views = "/api/v1/registry/views";
    ok(admin.get(views))
        .json()
        .valueStream()
        .filter(view -> view.get("yours").booleanValue())
        .forEach(view -> ok(admin.send("DELETE", views + "/" + view.get("id").asString(), "")));
    return created(admin, views, "{\"name\": \"v\", \"shared\": true, \"search\": {}}");
  }

  /** One that is there, because a team has only so many. */
  private String webhook(Client admin) {
    var present =
        ok(admin.send("GET", "/api/v1/registry/webhooks", BodyPublishers.noBody())).json();
    if (!present.isEmpty()) {
      return present.get(0).get("id").stringValue();
    }
    String body = "{\"url\": \"https://1.1.1.1/hook\", \"events\": [\"run.stale\"]}";
    return ok(admin.send("POST", "/api/v1/registry/webhooks", body))
        .json()
        .at("/webhook/id")
        .stringValue();
  }

  /** A team has one at a time. */
  private String importUnderWay(Client admin) {
    String path = "/api/v1/registry/imports";
    for (var one : ok(admin.send("GET", path, BodyPublishers.noBody())).json()) {
      if (one.get("state").stringValue().equals("WAITING")) {
        return one.get("id").stringValue();
      }
    }
    return ok(admin.send("POST", path, "{\"url\": \"https://1.1.1.1\"}"))
        .json()
        .get("id")
        .stringValue();
  }

  private void loggedModel(Client admin) {
    String body =
        filled(
            "{\"experiment_id\": \"{experiment}\", \"name\": \"l\", \"tags\": [{\"key\": \"k\", \"value\": \"v\"}]}");
    values.put(
        "loggedModel",
        ok(admin.post("logged-models", body)).json().at("/model/info/model_id").stringValue());
    ok(
        admin.send(
            "PUT",
            filled(
                "/api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{loggedModel}/artifacts/model/config.json"),
            BodyPublishers.ofString("{}")));
  }

  private void model(Client admin) {
    values.put("model", "m" + UUID.randomUUID());
    // Routes of the native API call the model {name} and its version {ref}.
    values.put("name", value("model"));
    values.put("version", "1");
    values.put("ref", "1");
    values.put("alias", "champion");
    ok(admin.post("registered-models/create", filled("{\"name\": \"{model}\"}")));
    ok(
        admin.post(
            "model-versions/create",
            filled("{\"name\": \"{model}\", \"source\": \"runs:/{run}/model\"}")));
    ok(
        admin.post(
            "registered-models/alias",
            filled("{\"name\": \"{model}\", \"alias\": \"{alias}\", \"version\": \"1\"}")));
  }

  private String experiment(Client admin) {
    String body = "{\"name\": \"e" + UUID.randomUUID() + "\"}";
    return ok(admin.post("experiments/create", body)).json().get("experiment_id").stringValue();
  }

  private String run(Client admin) {
    String body =
        filled(
            "{\"experiment_id\": \"{experiment}\", \"tags\": [{\"key\": \"k\", \"value\": \"v\"}]}");
    return ok(admin.post("runs/create", body)).json().at("/run/info/run_id").stringValue();
  }

  /** The id of a token of the caller's own; for callers that have none here, of the admin's. */
  private String ownToken(String caller) {
    boolean inTeam = !List.of(Teams.NONE, Teams.OTHER, Teams.SHARED).contains(caller);
    return ok(teams
            .caller(inTeam ? caller : Teams.ADMIN)
            .send("POST", "/api/v1/identity/tokens", "{\"name\": \"own\"}"))
        .json()
        .at("/details/id")
        .stringValue();
  }

  /**
   * The example request: {@code -} for none, {@code ?...} a query, {@code body:...} plain bytes,
   * else a JSON body; before it {@code name=value} gives a variable of the route another value.
   */
  private Answer send(Client client, String method, String route, String request) {
    String path = route.replace("/**", "/x");
    String rest = request;
    Matcher assignment = ASSIGNMENT.matcher(rest + " ");
    while (assignment.matches()) {
      path = path.replace("{" + assignment.group(1) + "}", filled(assignment.group(2)));
      rest = assignment.group(3).strip();
      assignment = ASSIGNMENT.matcher(rest + " ");
    }
    path = filled(path);
    if (rest.isEmpty() || rest.equals("-")) {
      return client.send(method, path, BodyPublishers.noBody());
    }
    if (rest.startsWith("?")) {
      return client.send(method, path + filledQuery(rest), BodyPublishers.noBody());
    }
    if (rest.startsWith("body:")) {
      BodyPublisher body = BodyPublishers.ofString(rest.substring("body:".length()));
      return client.send(method, path, body);
    }
    return client.send(method, path, filled(rest));
  }

  private static String filledWith(String text, java.util.function.UnaryOperator<String> value) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value.apply(found.group(1))));
  }

  private String filled(String text) {
    return filledWith(text, this::value);
  }

  private String filledQuery(String text) {
    return filledWith(text, name -> URLEncoder.encode(value(name), StandardCharsets.UTF_8));
  }

  private String value(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new AssertionError(
          "no value for {" + name + "}: add one in RouteFixture.fill, or name=value to the line");
    }
    return value;
  }

  private static Answer ok(Answer answer) {
    if (answer.status() >= 300) {
      throw new AssertionError("the fixture: " + answer);
    }
    return answer;
  }
}
