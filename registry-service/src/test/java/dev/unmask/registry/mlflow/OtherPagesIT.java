package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pages of experiments, models and versions: they lose and repeat nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherPagesIT {
  private static final String ROOT = "/api/2.0/mlflow/";

  private final Client team = RegistryServer.shared().team("lists-" + UUID.randomUUID());
  private String run = "";

  @BeforeAll
  void register() {
    run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    for (String name : List.of("b", "A", "c", "a", "B", "Ä", "aa")) {
      created(team.post("experiments/create", "{\"name\": \"%s\"}".formatted(name)));
      created(team.post("registered-models/create", "{\"name\": \"%s\"}".formatted(name)));
      for (int i = 0; i < name.length() + 1; i++) {
        version(name, i == 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name",
        "name DESC",
        "creation_time DESC",
        "last_update_time",
        "experiment_id DESC"
      })
  void ofExperimentsAreOneListInPieces(String order) {
    check("experiments/search", "experiments", order, e -> e.get("name").stringValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "name DESC", "creation_timestamp", "last_updated_timestamp DESC"})
  void ofModelsAreOneListInPieces(String order) {
    check("registered-models/search", "registered_models", order, m -> m.get("name").stringValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name",
        "name DESC",
        "version_number",
        "version_number DESC",
        "run_id",
        "run_id DESC",
        "last_updated_timestamp",
        "source_path DESC"
      })
  void ofVersionsAreOneListInPieces(String order) {
    check(
        "model-versions/search",
        "model_versions",
        order,
        v -> v.get("name").stringValue() + "/" + v.get("version").stringValue());
  }

  @Test
  void sortNamesByCodePoints() {
    List<String> names =
        pages("registered-models/search", "registered_models", "", 3).stream()
            .map(model -> model.get("name").stringValue())
            .filter(name -> name.length() < 3)
            .toList();

    assertThat(names).containsExactly("A", "B", "a", "aa", "b", "c", "Ä");
  }

  @Test
  void keepTheirPlaceWhileOthersAreMade() {
    List<JsonNode> before = pages("registered-models/search", "registered_models", "name", 1_000);
    List<String> found = new ArrayList<>();
    String token = "";
    do {
      created(
          team.post(
              "registered-models/create",
              "{\"name\": \"%s\"}".formatted(UUID.randomUUID().toString())));
      JsonNode page = page("registered-models/search", "name", 2, token).json();
      page.get("registered_models").forEach(model -> found.add(model.get("name").stringValue()));
      token = page.path("next_page_token").asString("");
    } while (!token.isEmpty() && found.size() < 100);

    assertThat(found)
        .doesNotHaveDuplicates()
        .containsAll(before.stream().map(model -> model.get("name").stringValue()).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"experiments", "registered-models", "model-versions"})
  void areRefusedForATokenOfAnotherSearch(String kind) {
    String search = kind + "/search";
    String token = page(search, "name", 2, "").json().get("next_page_token").stringValue();

    assertThat(page(search, "name", 3, token).status()).isEqualTo(200);
    for (Answer answer :
        List.of(
            page(search, "name DESC", 2, token),
            page(search, "", 2, token),
            page(search, "name", 2, token + "AA"),
            page(search, "name", 2, "eyJvZmZzZXQiOiAyfQ=="),
            team.get(
                ROOT
                    + search
                    + "?order_by=name&filter=name%20LIKE%20'a%25'&page_token="
                    + token))) {
      BadInputIT.refused(answer, 400, "INVALID_PARAMETER_VALUE", "Invalid page token");
    }
  }

  private void check(String search, String list, String order, Function<JsonNode, String> id) {
    List<String> whole = pages(search, list, order, 1_000).stream().map(id).toList();

    assertThat(whole).hasSizeGreaterThanOrEqualTo(7).doesNotHaveDuplicates();
    for (int size : new int[] {1, 2, 3, 5}) {
      assertThat(pages(search, list, order, size)).extracting(id).isEqualTo(whole);
    }
  }

  private List<JsonNode> pages(String search, String list, String order, int size) {
    List<JsonNode> items = new ArrayList<>();
    String token = "";
    do {
      Answer answer = page(search, order, size, token);
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      answer.json().path(list).forEach(items::add);
      token = answer.json().path("next_page_token").asString("");
    } while (!token.isEmpty() && items.size() < 1_000);
    return items;
  }

  private Answer page(String search, String order, int size, String token) {
    return team.get(
        ROOT
            + search
            + "?max_results="
            + size
            + (order.isEmpty() ? "" : "&order_by=" + encoded(order))
            + "&page_token="
            + encoded(token));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void version(String model, boolean ofRun) {
    created(
        team.post(
            "model-versions/create",
            "{\"name\": \"%s\", \"source\": \"%s/%s\"%s}"
                .formatted(
                    model,
                    ofRun ? "runs:/" + run : "mlflow-artifacts:/0/" + run + "/artifacts",
                    model.length(),
                    ofRun ? ", \"run_id\": \"" + run + "\"" : "")));
  }

  private static void created(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }
}
