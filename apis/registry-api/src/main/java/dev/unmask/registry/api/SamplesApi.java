package dev.unmask.registry.api;

import static dev.unmask.registry.api.ModelsApi.TEAM_HEADER;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What the model of a run wrote at some step. Samples are plain text and never change. */
@HttpExchange("/api/v1/registry/runs/{run}/samples")
public interface SamplesApi {

  /**
   * Stores all of the samples or none; a sample that is stored already is left as it is. Faults:
   * 404 RUN_NOT_FOUND, 409 CONFLICT when name, step and index are those of another text. Needs a
   * member.
   */
  @PostExchange
  Stored log(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run,
      @RequestBody LogSamples request);

  /**
   * A page of samples by step, name and index.
   *
   * @param name only samples of this name
   * @param from lowest step, included
   * @param to highest step, included
   * @param size samples a page, 1 to 1,000; 100 where absent. A page of long texts has fewer
   * @param after {@code next} of the page before, with the other parameters as they were
   */
  @GetExchange
  SamplePage read(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable Long to,
      @RequestParam(required = false) @Nullable Integer size,
      @RequestParam(required = false) @Nullable String after);

  /**
   * @param samples 1 to 100, of 1,000,000 characters together at most
   */
  record LogSamples(List<Sample> samples) {}

  /**
   * @param name what was asked for, for instance {@code free} or {@code greeting}: 1 to 250
   *     characters
   * @param step the optimizer step of the weights that wrote it
   * @param index tells samples of one name and step apart, 0 to 9,999
   * @param prompt what came before the text, at most 20,000 characters; absent where nothing did
   * @param text as it was written, at most 100,000 characters; may be empty
   * @param time when it was written; the time of the request where absent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Sample(
      String name,
      long step,
      int index,
      @Nullable String prompt,
      String text,
      @Nullable Instant time) {}

  /**
   * @param stored samples that were not stored before
   */
  record Stored(int stored) {}

  /**
   * @param next for the page after this one; absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SamplePage(List<Sample> samples, @Nullable String next) {}
}
