package dev.unmask.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.Attacks;
import dev.unmask.testing.PostgresExtension;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each field with each form of an attack. Whatever the answer is, nothing outside the store changes
 * and no secret comes back; that no error tells of the inside is checked by {@link RegistryServer}.
 */
class AttacksIT {
  private static final String SECRET = "the secret outside the store";

  /** Keys may hold colons; they name rows, and no client makes files of them. */
  private static final List<String> FINE_AS_KEYS =
      List.of("file:/etc/passwd", "C:/Windows/win.ini");

  @TempDir static Path folder;

  private static RegistryServer registry;
  private static Client team;
  private static String experiment = "";
  private static String run = "";
  private static Map<String, String> outside = Map.of();

  @BeforeAll
  static void start() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("secret.txt"), SECRET);
    Files.writeString(data.resolve("secret.txt"), SECRET);
    Files.writeString(
        Files.createDirectories(folder.resolve("outside")).resolve("secret.txt"), SECRET);
    registry = RegistryServer.start(PostgresExtension.freshDatabase(), data);
    team = new Teams(registry).caller("admin");
    experiment =
        Teams.created(team.post("experiments/create", "{\"name\": \"attacked\"}"))
            .get("experiment_id")
            .stringValue();
    run =
        Teams.created(team.post("runs/create", json("experiment_id", experiment)))
            .at("/run/info/run_id")
            .stringValue();
    Teams.created(team.send("PUT", artifact("model/config.json"), BodyPublishers.ofString("{}")));
    Teams.created(team.post("registered-models/create", "{\"name\": \"m\"}"));
    Teams.created(
        team.post("model-versions/create", json("name", "m", "source", "runs:/" + run + "/model")));
    outside = filesOutsideTheStore();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @AfterEach
  void nothingOutsideTheStoreHasChanged() throws IOException {
    assertThat(filesOutsideTheStore()).isEqualTo(outside);
  }

  /** Fields that name files, folders or sources: what is no plain name is refused. */
  enum PathField {
    LIST_BY_RUN {
      @Override
      Answer send(String form) {
        return team.get("/api/2.0/mlflow/artifacts/list?run_id=" + run + "&path=" + query(form));
      }
    },
    LIST_BY_ADDRESS {
      @Override
      Answer send(String form) {
        String address = experiment + "/" + run + "/artifacts/" + form;
        return team.get("/api/2.0/mlflow-artifacts/artifacts?path=" + query(address));
      }
    },
    FILE_OF_A_VERSION {
      @Override
      Answer send(String form) {
        return team.get("/api/v1/registry/models/m/versions/1/files?path=" + query(form));
      }
    },
    SOURCE_OF_A_VERSION {
      @Override
      Answer send(String form) {
        return team.post("model-versions/create", json("name", "m", "source", form));
      }
    },
    SOURCE_BELOW_A_RUN {
      @Override
      Answer send(String form) {
        String source = "runs:/" + run + "/" + form;
        return team.post("model-versions/create", json("name", "m", "source", source));
      }
    },
    SOURCE_BELOW_AN_ADDRESS {
      @Override
      Answer send(String form) {
        String source = "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts/" + form;
        return team.post("model-versions/create", json("name", "m", "source", source));
      }
    },
    ARTIFACT_LOCATION {
      @Override
      Answer send(String form) {
        return team.post("experiments/create", json("name", unique(), "artifact_location", form));
      }
    },
    KEY_OF_A_METRIC {
      @Override
      Answer send(String form) {
        return team.post(
            "runs/log-metric", json("run_id", run, "key", form, "value", "1", "timestamp", "1"));
      }
    },
    KEY_OF_A_PARAM {
      @Override
      Answer send(String form) {
        return team.post("runs/log-parameter", json("run_id", run, "key", form, "value", "1"));
      }
    },
    KEY_OF_A_TAG {
      @Override
      Answer send(String form) {
        return team.post("runs/set-tag", json("run_id", run, "key", form, "value", "1"));
      }
    },
    KEY_OF_A_MODELS_TAG {
      @Override
      Answer send(String form) {
        return team.post("registered-models/set-tag", json("name", "m", "key", form, "value", "1"));
      }
    },
    ALIAS {
      @Override
      Answer send(String form) {
        return team.post(
            "registered-models/alias", json("name", "m", "alias", form, "version", "1"));
      }
    },
    EXPERIMENT_ID {
      @Override
      Answer send(String form) {
        return team.get("/api/2.0/mlflow/experiments/get?experiment_id=" + query(form));
      }
    },
    RUN_ID {
      @Override
      Answer send(String form) {
        return team.get("/api/2.0/mlflow/artifacts/list?run_id=" + query(form));
      }
    },
    NAME_OF_A_TEAM {
      @Override
      Answer send(String form) {
        return registry.owner().send("POST", "/api/v1/identity/teams", json("name", form));
      }
    },
    NAME_OF_A_USER {
      @Override
      Answer send(String form) {
        return registry
            .owner()
            .send("POST", "/api/v1/identity/teams", json("name", unique(), "admin", form));
      }
    };

    abstract Answer send(String form);
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoPlainNameInAFieldThatNamesThings(PathField field) {
    List<String> taken = new ArrayList<>();
    for (String form : Attacks.PATHS) {
      Answer answer = field.send(form);
      assertThat(answer.text()).doesNotContain(SECRET);
      if (answer.status() != 400 && answer.status() != 404) {
        taken.add(form);
      }
    }
    assertThat(taken).isEqualTo(field.name().startsWith("KEY_") ? FINE_AS_KEYS : List.of());
  }

  @Test
  void refusesAddressesThatLeadOutOfTheRun() {
    for (String form : Attacks.pathsInAddresses()) {
      Answer put = team.send("PUT", artifact(form), BodyPublishers.ofString("evil"));
      Answer get = team.get(artifact(form));
      Answer delete = team.send("DELETE", artifact(form), BodyPublishers.noBody());

      assertThat(put.status()).as("PUT " + form + ": " + put).isIn(400, 404);
      assertThat(get.status()).as("GET " + form + ": " + get).isIn(400, 404);
      assertThat(delete.status()).as("DELETE " + form + ": " + delete).isIn(400, 404);
      for (Answer answer : List.of(put, get, delete)) {
        assertThat(answer.text()).doesNotContain(SECRET);
        assertThat(answer.response().headers().map()).doesNotContainKey("set-cookie");
      }
    }
    assertThat(team.get("/api/2.0/mlflow/artifacts/list?run_id=" + run).json().get("files"))
        .hasSize(1);
  }

  @Test
  void refusesAddressesOfModelsThatAreNoPlainNames() {
    for (String form : Attacks.pathsInAddresses()) {
      for (String route :
          List.of(
              "/api/v1/registry/models/" + form,
              "/api/v1/registry/models/m/versions/" + form,
              "/api/v1/registry/models/m/versions/" + form + "/files?path=config.json",
              "/api/v1/identity/teams/" + form)) {
        Answer answer = team.get(route);

        assertThat(answer.status()).as(route + ": " + answer).isIn(400, 404);
        assertThat(answer.text()).doesNotContain(SECRET);
      }
    }
  }

  @Test
  void neverFollowsALinkInsideTheStore() throws IOException {
    String content = "what the link stands for";
    Teams.created(team.send("PUT", artifact("linked.txt"), BodyPublishers.ofString(content)));
    Path blob = blobHolding(content);
    Files.delete(blob);
    Files.createSymbolicLink(blob, folder.resolve("secret.txt"));

    Answer read = team.get(artifact("linked.txt"));
    Answer written = team.send("PUT", artifact("linked.txt"), BodyPublishers.ofString(content));

    assertThat(read.status()).isEqualTo(500);
    assertThat(read.text()).doesNotContain(SECRET);
    assertThat(written.status()).isEqualTo(500);
    Files.delete(blob);

    Path shelf = blob.getParent();
    try (Stream<Path> others = Files.list(shelf)) {
      assertThat(others).isEmpty();
    }
    Files.delete(shelf);
    Files.createSymbolicLink(shelf, folder.resolve("outside"));
    assertThat(team.send("PUT", artifact("linked.txt"), BodyPublishers.ofString(content)).status())
        .isEqualTo(500);
    Files.delete(shelf);
    assertThat(team.send("PUT", artifact("linked.txt"), BodyPublishers.ofString(content)).status())
        .isEqualTo(200);
  }

  private static Path blobHolding(String content) throws IOException {
    try (Stream<Path> blobs = Files.walk(registry.folder().resolve("blobs"))) {
      return blobs
          .filter(Files::isRegularFile)
          .filter(
              file -> {
                try {
                  return Files.readString(file, StandardCharsets.ISO_8859_1).equals(content);
                } catch (IOException failure) {
                  throw new java.io.UncheckedIOException(failure);
                }
              })
          .findFirst()
          .orElseThrow();
    }
  }

  /** Path and content of every file that is not in the store. */
  private static Map<String, String> filesOutsideTheStore() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(folder.resolve("data/blobs"))) {
          files.put(file.toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  private static String artifact(String path) {
    return "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/" + run + "/artifacts/" + path;
  }

  private static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String unique() {
    return "n" + UUID.randomUUID();
  }

  /** A JSON object of texts. */
  private static String json(String... namesAndValues) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return JsonMapper.shared().writeValueAsString(fields);
  }
}
