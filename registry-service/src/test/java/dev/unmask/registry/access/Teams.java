package dev.unmask.registry.access;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A team with a member of each role, and the admin of another one, made as people make them. */
public final class Teams {
  public static final String NONE = "none";
  public static final String OTHER = "other";
  public static final String SHARED = "shared";
  public static final String ADMIN = "admin";

  private final RegistryServer registry;
  private final Map<String, Client> callers = new LinkedHashMap<>();
  private final String id;
  private final String name;

  public Teams(RegistryServer registry) {
    this.registry = registry;
    this.name = "team-" + UUID.randomUUID();
    JsonNode own = team(name);
    this.id = own.at("/team/id").stringValue();
    callers.put(NONE, registry.anonymous());
    callers.put(OTHER, client(team("other-" + name).at("/token/token")));
    callers.put(ADMIN, client(own.at("/token/token")));
    for (String role : new String[] {"viewer", "member", "maintainer"}) {
      String user = newMember(role);
      callers.put(role, client(newToken(user).get("token")));
    }
  }

  /** The team's id. */
  public String id() {
    return id;
  }

  /** {@code none}, {@code other} or one of the team's roles. */
  public Client caller(String kind) {
    Client caller = callers.get(kind);
    if (caller == null) {
      throw new IllegalArgumentException("no caller " + kind + ", there are " + callers.keySet());
    }
    return caller;
  }

  /** Takes a new user into the team; returns the user's id. */
  public String newMember(String role) {
    String body =
        "{\"user\": \"%s\", \"role\": \"%s\"}".formatted(role + "-" + UUID.randomUUID(), role);
    return created(caller(ADMIN).send("POST", members(), body)).get("userId").stringValue();
  }

  /** A token of a member, as the admin is shown it. */
  public JsonNode newToken(String user) {
    String path = members() + "/" + user + "/tokens";
    return created(caller(ADMIN).send("POST", path, "{\"name\": \"test\"}"));
  }

  /** A new link over the run, with its files; the answer of the route that makes links. */
  public JsonNode newShare(String run) {
    return newShare(run, true, Instant.now().plus(Duration.ofDays(7)));
  }

  public JsonNode newShare(String run, boolean artifacts, Instant expiresAt) {
    String body =
        "{\"name\": \"for you\", \"runs\": [\"%s\"], \"artifacts\": %s, \"expiresAt\": \"%s\"}"
            .formatted(run, artifacts, expiresAt);
    return created(caller("maintainer").send("POST", "/api/v1/registry/shares", body));
  }

  /** A new link over the report, with the files of its runs. */
  public JsonNode newReportShare(String report) {
    String body =
        "{\"name\": \"for you\", \"report\": %s, \"artifacts\": true, \"expiresAt\": \"%s\"}"
            .formatted(report, Instant.now().plus(Duration.ofDays(7)));
    return created(caller("maintainer").send("POST", "/api/v1/registry/shares", body));
  }

  /** Calls with the secret of a link. */
  public Client holder(JsonNode share) {
    return client(share.get("secret"));
  }

  public String members() {
    return "/api/v1/identity/teams/" + id + "/members";
  }

  private JsonNode team(String teamName) {
    String body =
        "{\"name\": \"%s\", \"admin\": \"%s\"}".formatted(teamName, "admin-of-" + teamName);
    return created(registry.owner().send("POST", "/api/v1/identity/teams", body));
  }

  private Client client(JsonNode token) {
    return registry.as(registry.exchange(token.stringValue()));
  }

  static JsonNode created(Answer answer) {
    if (answer.status() != 200 && answer.status() != 201) {
      throw new AssertionError(answer.toString());
    }
    return answer.json();
  }
}
