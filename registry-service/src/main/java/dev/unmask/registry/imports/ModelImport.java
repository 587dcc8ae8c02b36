package dev.unmask.registry.imports;

import dev.unmask.registry.imports.Step.Kind;
import dev.unmask.registry.model.AliasService;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.model.NewVersion;
import dev.unmask.registry.model.RegisteredModel;
import dev.unmask.registry.model.RegisteredModelService;
import dev.unmask.registry.model.Stage;
import dev.unmask.registry.run.RunImportService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Brings registered models, after the runs that their versions are made of. A version's number here
 * is the next one that is free; where it came from is told by a tag.
 */
@Component
class ModelImport {
  private static final int MODELS = 100;
  private static final int VERSIONS = 1_000;
  private static final Pattern OF_RUN = Pattern.compile("runs:/([^/]+)/?(.*)");

  private final RegisteredModelService models;
  private final ModelVersionService versions;
  private final AliasService aliases;
  private final RunImportService runs;

  ModelImport(
      RegisteredModelService models,
      ModelVersionService versions,
      AliasService aliases,
      RunImportService runs) {
    this.models = models;
    this.versions = versions;
    this.aliases = aliases;
    this.runs = runs;
  }

  void bring(Work work) {
    Pages.each(
        token ->
            work.source()
                .get(
                    "registered-models/search",
                    Pages.query(Map.of("max_results", Integer.toString(MODELS)), token)),
        "registered_models",
        page -> {
          for (JsonNode model : page) {
            String name = text(model, "name");
            work.attempt(Kind.MODEL, name, () -> bring(work, model, name));
          }
        });
  }

  private void bring(Work work, JsonNode model, String name) {
    RegisteredModel here = modelOf(work, model, name);
    work.brought(Kind.MODEL, name, name);
    Map<String, Integer> numbers = new HashMap<>();
    for (JsonNode version : versionsOf(work, name)) {
      String number = text(version, "version");
      String id = name + "/" + number;
      work.attempt(
          Kind.VERSION,
          id,
          () -> {
            int brought = bringVersion(work, version, name, id);
            numbers.put(number, brought);
            work.brought(Kind.VERSION, id, name + "/" + brought);
          });
    }
    for (JsonNode alias : model.path("aliases")) {
      bringAlias(work, here, text(alias, "alias"), numbers.get(text(alias, "version")));
    }
  }

  private RegisteredModel modelOf(Work work, JsonNode model, String name) {
    try {
      return models.get(work.team(), name);
    } catch (UnmaskException unknown) {
      if (unknown.code() != ErrorCode.MODEL_NOT_FOUND) {
        throw unknown;
      }
      return models.create(
          work.caller(), name, orNull(model, "description"), Pages.entries(model.path("tags")));
    }
  }

  /** The first made first. */
  private static List<JsonNode> versionsOf(Work work, String name) {
    List<JsonNode> found = new ArrayList<>();
    Map<String, String> query =
        Map.of(
            "filter",
            "name='" + name.replace("'", "\\'") + "'",
            "max_results",
            Integer.toString(VERSIONS));
    Pages.each(
        token -> work.source().get("model-versions/search", Pages.query(query, token)),
        "model_versions",
        page -> {
          work.goOn();
          page.forEach(found::add);
        });
    found.sort(Comparator.comparingLong(version -> Pages.number(version.path("version"), 0)));
    return found;
  }

  private int bringVersion(Work work, JsonNode version, String name, String id) {
    String origin = work.origin(id);
    for (ModelVersion known : versions.all(work.team(), name)) {
      if (origin.equals(known.tags().get(RunImportService.ORIGIN_TAG))) {
        return known.version();
      }
    }
    String run = text(version, "run_id");
    String target =
        runs.find(work.team(), work.origin(run))
            .orElseThrow(
                () ->
                    new SourceFault.NotToBeHad("the run " + run + " that made it was not brought"));
    SortedMap<String, String> tags = Pages.entries(version.path("tags"));
    tags.put(RunImportService.ORIGIN_TAG, origin);
    ModelVersion made =
        versions.create(
            work.caller(),
            new NewVersion(
                name,
                "runs:/" + target + "/" + folder(text(version, "source"), run),
                target,
                null,
                null,
                orNull(version, "description"),
                text(version, "user_id"),
                tags));
    Stage stage = Stage.of(stageName(text(version, "current_stage")));
    if (stage != Stage.NONE) {
      versions.transition(work.caller(), name, made.version(), stage, false);
    }
    return made.version();
  }

  private static String stageName(String told) {
    return told.isEmpty() ? "None" : told;
  }

  /** The folder of the run's files that a version is made of. */
  private static String folder(String source, String run) {
    Matcher ofRun = OF_RUN.matcher(source);
    if (ofRun.matches() && ofRun.group(1).equals(run)) {
      return ofRun.group(2);
    }
    String root = ArtifactImport.root(source).orElse("");
    int files = root.indexOf("/" + run + "/artifacts");
    if (files < 0) {
      throw new SourceFault.NotToBeHad(
          "its files are not those of its run: it is made of a logged model, or lies elsewhere");
    }
    return root.substring(files + run.length() + "//artifacts".length()).replaceAll("^/+", "");
  }

  /** An alias that the team has already set stays as it is. */
  private void bringAlias(
      Work work, RegisteredModel model, String alias, @Nullable Integer version) {
    String id = model.name() + "@" + alias;
    work.attempt(
        Kind.ALIAS,
        id,
        () -> {
          if (version == null) {
            throw new SourceFault.NotToBeHad("its version was not brought");
          }
          if (!model.aliases().containsKey(alias)) {
            aliases.set(work.caller(), model.name(), alias, version);
          }
          work.brought(Kind.ALIAS, id, id);
        });
  }

  private static @Nullable String orNull(JsonNode object, String field) {
    String text = text(object, field);
    return text.isEmpty() ? null : text;
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asString("");
  }
}
