package dev.unmask.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.Attacks;
import dev.unmask.testing.ErrorText;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Text that attacks whoever reads, stores or shows it: it is refused, or kept as it came and never
 * evaluated. That no error tells of the inside is checked by {@link RegistryServer}.
 */
class TextAttacksIT {
  /** Halves of surrogate pairs reach the server as they are. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final RegistryServer registry = RegistryServer.shared();

  private static Client team;
  private static String experiment = "";
  private static String run = "";

  @BeforeAll
  static void fill() {
    team = new Teams(registry).caller("admin");
    experiment =
        Teams.created(team.post("experiments/create", "{\"name\": \"attacked\"}"))
            .get("experiment_id")
            .stringValue();
    run =
        Teams.created(team.post("runs/create", json("experiment_id", experiment)))
            .at("/run/info/run_id")
            .stringValue();
    Teams.created(team.post("registered-models/create", "{\"name\": \"m\"}"));
    Teams.created(
        team.post("model-versions/create", json("name", "m", "source", "runs:/" + run + "/none")));
  }

  /** Fields that hold any text. */
  enum TextField {
    NAME_OF_A_RUN(8_000) {
      @Override
      Answer write(String form) {
        return team.post("runs/update", json("run_id", run, "run_name", form));
      }

      @Override
      @Nullable String read() {
        return runNow().at("/info/run_name").stringValue(null);
      }
    },
    TAG_OF_A_RUN(8_000) {
      @Override
      Answer write(String form) {
        return team.post("runs/set-tag", json("run_id", run, "key", "attacked", "value", form));
      }

      @Override
      @Nullable String read() {
        return valueIn(runNow().at("/data/tags"), "attacked");
      }
    },
    PARAM_OF_A_RUN(6_000) {
      private String key = "";

      @Override
      Answer write(String form) {
        key = "n" + UUID.randomUUID();
        return team.post("runs/log-parameter", json("run_id", run, "key", key, "value", form));
      }

      @Override
      @Nullable String read() {
        return valueIn(runNow().at("/data/params"), key);
      }
    },
    USER_OF_A_RUN(Integer.MAX_VALUE) {
      private String created = "";

      @Override
      Answer write(String form) {
        Answer answer =
            team.post("runs/create", json("experiment_id", experiment, "user_id", form));
        created = answer.json().at("/run/info/run_id").stringValue("");
        return answer;
      }

      @Override
      @Nullable String read() {
        return team.get("/api/2.0/mlflow/runs/get?run_id=" + created)
            .json()
            .at("/run/info/user_id")
            .stringValue(null);
      }
    },
    NAME_OF_AN_EXPERIMENT(500) {
      @Override
      Answer write(String form) {
        return team.post("experiments/update", json("experiment_id", experiment, "new_name", form));
      }

      @Override
      @Nullable String read() {
        return experimentNow().get("name").stringValue();
      }
    },
    TAG_OF_AN_EXPERIMENT(5_000) {
      @Override
      Answer write(String form) {
        return team.post(
            "experiments/set-experiment-tag",
            json("experiment_id", experiment, "key", "attacked", "value", form));
      }

      @Override
      @Nullable String read() {
        return valueIn(experimentNow().at("/tags"), "attacked");
      }
    },
    DESCRIPTION_OF_A_MODEL(Integer.MAX_VALUE) {
      @Override
      Answer write(String form) {
        return team.send(
            "PATCH",
            "/api/2.0/mlflow/registered-models/update",
            json("name", "m", "description", form));
      }

      @Override
      @Nullable String read() {
        return team.get("/api/v1/registry/models/m").json().get("description").stringValue();
      }
    },
    TAG_OF_A_MODEL(100_000) {
      @Override
      Answer write(String form) {
        return team.post(
            "registered-models/set-tag", json("name", "m", "key", "attacked", "value", form));
      }

      @Override
      @Nullable String read() {
        return team.get("/api/v1/registry/models/m").json().at("/tags/attacked").stringValue();
      }
    },
    DESCRIPTION_OF_A_VERSION(Integer.MAX_VALUE) {
      @Override
      Answer write(String form) {
        return team.send(
            "PATCH",
            "/api/2.0/mlflow/model-versions/update",
            json("name", "m", "version", "1", "description", form));
      }

      @Override
      @Nullable String read() {
        return versionNow().at("/description").stringValue(null);
      }
    },
    TAG_OF_A_VERSION(100_000) {
      @Override
      Answer write(String form) {
        return team.post(
            "model-versions/set-tag",
            json("name", "m", "version", "1", "key", "attacked", "value", form));
      }

      @Override
      @Nullable String read() {
        return valueIn(versionNow().at("/tags"), "attacked");
      }
    },
    NAME_OF_A_TOKEN(100) {
      private String name = "";

      @Override
      Answer write(String form) {
        Answer answer = team.send("POST", "/api/v1/identity/tokens", json("name", form));
        name = answer.json().at("/details/name").stringValue("");
        return answer;
      }

      @Override
      @Nullable String read() {
        return name;
      }
    },
    COMMENT_ON_A_RUN(10_000) {
      private String text = "";

      @Override
      Answer write(String form) {
        Answer answer =
            team.send("POST", "/api/v1/registry/runs/" + run + "/comments", json("text", form));
        text = answer.json().path("text").stringValue("");
        return answer;
      }

      @Override
      @Nullable String read() {
        return text;
      }
    },
    TITLE_OF_A_REPORT(200) {
      private String title = "";

      @Override
      Answer write(String form) {
        Answer answer = report(form, "");
        title = answer.json().path("title").stringValue("");
        return answer;
      }

      @Override
      @Nullable String read() {
        return title;
      }
    },
    TEXT_OF_A_REPORT(100_000) {
      private String id = "";

      @Override
      Answer write(String form) {
        Answer answer = report("t", form);
        id = answer.json().path("id").asString("");
        return answer;
      }

      @Override
      @Nullable String read() {
        return team.get("/api/v1/registry/reports/" + id).json().get("text").stringValue();
      }
    };

    /** Longer texts are cut or refused. */
    private final int most;

    TextField(int most) {
      this.most = most;
    }

    abstract Answer write(String form);

    abstract @Nullable String read();
  }

  @ParameterizedTest
  @EnumSource
  void keepsTextAsItCameOrRefusesIt(TextField field) {
    List<String> wrong = new ArrayList<>();
    int kept = 0;
    for (String form : Attacks.all()) {
      Answer answer = field.write(form);
      if (answer.status() / 100 == 2) {
        kept++;
        String read = field.read();
        if (!halved(form)
            && !form.equals(read)
            && !form.substring(0, Math.min(form.length(), field.most)).equals(read)) {
          wrong.add(shown(form) + " became " + shown(String.valueOf(read)));
        }
      } else if (answer.status() != 400 && answer.status() != 409) {
        wrong.add(shown(form) + " answered " + shown(answer.toString()));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(kept).isGreaterThan(Attacks.TEMPLATES.size());
  }

  private static Answer report(String title, String text) {
    return team.send(
        "POST",
        "/api/v1/registry/reports",
        JSON.writeValueAsString(Map.of("title", title, "text", text, "panels", List.of())));
  }

  @Test
  void takesNothingInAFilterAnOrderOrAPageForAStatement() {
    String runs = count("runs");
    for (String form : Attacks.all()) {
      List<Answer> answers =
          List.of(
              team.post("runs/search", search("filter", form)),
              team.post("runs/search", search("filter", "params.p = '" + form + "'")),
              team.post("runs/search", search("filter", "tags.`" + form + "` = 'x'")),
              team.post("runs/search", search("page_token", form)),
              team.post("runs/search", "{\"order_by\": [" + JSON.writeValueAsString(form) + "]}"),
              team.post("experiments/search", json("filter", "name = '" + form + "'")),
              team.get(
                  "/api/2.0/mlflow/registered-models/search?filter="
                      + query("name = '" + form + "'")),
              team.get("/api/2.0/mlflow/model-versions/search?order_by=" + query(form)),
              team.get("/api/v1/registry/audit?action=" + query(form)),
              team.get("/api/v1/registry/audit?user=" + query(form)));
      assertThat(answers)
          .as(shown(form))
          // 413: Tomcat takes no address of 300,000 characters.
          .allSatisfy(answer -> assertThat(answer.status()).isIn(200, 400, 413, 414, 431));
    }
    assertThat(count("runs")).isEqualTo(runs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/2.0/mlflow/runs/search",
        "/api/v1/identity/tokens",
        "/api/v1/identity/teams",
        "/api/v1/registry/views",
        "/api/v1/registry/reports"
      })
  void refusesBodiesThatAreNoHonestJson(String route) {
    for (String body :
        List.of(
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "{\"name\": " + "9".repeat(5_000) + "}",
            "\"" + "\\u0000".repeat(10) + "\"",
            "{\"name\": {\"$ref\": \"#\"}, \"@class\": \"java.lang.Runtime\"}",
            "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>",
            "{\"name\": \"x\"")) {
      Answer answer = registry.owner().send("POST", route, body);

      assertThat(answer.status()).as(shown(body)).isIn(400, 200);
      assertThat(answer.text()).doesNotContain("root:");
    }
  }

  /** Written by hand: no client would send these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id: abcdefgh%0d%0aSet-Cookie: forged=1",
        "X-Request-Id: abcdefgh\r\n Set-Cookie: forged=1",
        "X-Request-Id: abcdefgh\rSet-Cookie: forged=1",
        "X-Request-Id: abcdefgh\nSet-Cookie: forged=1",
        "X-Request-Id: abcdefgh\\r\\nSet-Cookie: forged=1",
        "X-Request-Id: <script>alert(1)</script>",
        "X-Request-Id: ${jndi:ldap://127.0.0.1:9/x}",
        "X-Request-Id: \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
        "X-Unmask-Team: a\r\n\tb",
        "X-Forwarded-Host: evil.example",
        "Content-Type: text/html\u0000",
        "Authorization: Bearer a\u0000b",
        "Bad Name: x",
        "Transfer-Encoding: nonsense"
      })
  void repeatsNoForgedHeader(String header) throws IOException {
    String answer = raw("GET /api/v1/identity/me HTTP/1.1", header);

    String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
    assertThat(head).containsPattern("^HTTP/1.1 (401|400|501) ");
    assertThat(head.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("set-cookie", "<script", "jndi", "server:", "evil");
    ErrorText.check(400, answer.substring(head.length()), header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/identity/me\u0000 HTTP/1.1",
        "GET /api/v1/<script> HTTP/1.1",
        "GET /api/v1/identity/me HTTP/9.9",
        "GET http://evil.example/api/v1/identity/me HTTP/1.1",
        "GET /../../etc/passwd HTTP/1.1",
        "GET /%zz HTTP/1.1",
        "GE\u0001T / HTTP/1.1",
        "TRACE /api/v1/identity/me HTTP/1.1",
        "nonsense"
      })
  void tellsNothingOfTheInsideToRequestsThatAreNoHttp(String line) throws IOException {
    String answer = raw(line, "Accept: */*");

    assertThat(answer).containsPattern("^HTTP/1.1 [45]");
    assertThat(answer).doesNotContain("Tomcat", "root:");
    ErrorText.check(400, answer, line);
  }

  private static String raw(String line, String header) throws IOException {
    URI address = URI.create(registry.url());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String request = line + "\r\nHost: 127.0.0.1\r\n" + header + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static boolean halved(String form) {
    return form.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  private static String shown(String form) {
    return JSON.writeValueAsString(form.substring(0, Math.min(120, form.length())));
  }

  private static JsonNode runNow() {
    return team.get("/api/2.0/mlflow/runs/get?run_id=" + run).json().get("run");
  }

  private static JsonNode experimentNow() {
    return team.get("/api/2.0/mlflow/experiments/get?experiment_id=" + experiment)
        .json()
        .get("experiment");
  }

  private static JsonNode versionNow() {
    return team.get("/api/2.0/mlflow/model-versions/get?name=m&version=1")
        .json()
        .get("model_version");
  }

  private static @Nullable String valueIn(JsonNode entries, String key) {
    for (JsonNode entry : entries) {
      if (entry.get("key").stringValue().equals(key)) {
        return entry.path("value").stringValue("");
      }
    }
    return null;
  }

  private static String count(String table) {
    return String.valueOf(
        registry
            .bean(JdbcTemplate.class)
            .queryForObject("SELECT count(*) FROM " + table, Long.class));
  }

  private static String search(String field, String value) {
    return "{\"experiment_ids\": [\"0\"], \"%s\": %s}"
        .formatted(field, JSON.writeValueAsString(value));
  }

  private static String query(String text) {
    return URLEncoder.encode(
        text.substring(0, Math.min(4_000, text.length())), StandardCharsets.UTF_8);
  }

  /** A JSON object of texts. */
  private static String json(String... namesAndValues) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return JSON.writeValueAsString(fields);
  }
}
