package dev.unmask.registry.api;

import static dev.unmask.registry.api.ModelsApi.TEAM_HEADER;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Notes on runs and experiments. A note is the tag {@link #TAG}, where MLflow's clients and pages
 * read and write it too.
 */
@HttpExchange("/api/v1/registry")
public interface NotesApi {

  /** The tag that holds the note of a run or an experiment. */
  String TAG = "mlflow.note.content";

  /** The note of a run; empty where it has none. */
  @GetExchange("/runs/{run}/note")
  Note ofRun(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run);

  /** Replaces the note of a run: at most 8,000 characters. */
  @PutExchange("/runs/{run}/note")
  Note putOfRun(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run,
      @Valid @RequestBody Note note);

  /** The note of an experiment; empty where it has none. */
  @GetExchange("/experiments/{experiment}/note")
  Note ofExperiment(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable long experiment);

  /** Replaces the note of an experiment: at most 5,000 characters. */
  @PutExchange("/experiments/{experiment}/note")
  Note putOfExperiment(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable long experiment,
      @Valid @RequestBody Note note);

  /**
   * @param text Markdown, as it was written
   */
  record Note(@NotNull String text) {}
}
