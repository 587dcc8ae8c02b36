package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.registry.api.ModelsApi.ModelFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What is known of a version, gathered from its run, its files and its tags when it is asked. */
@HttpExchange("/api/v1/registry/models/{name}/versions/{ref}/card")
public interface ModelCardsApi {

  /**
   * The card; as Markdown where {@code Accept: text/markdown} asks for it.
   *
   * @param ref a number such as {@code 3}, or an alias such as {@code @champion}
   */
  @GetExchange
  ModelCard card(@PathVariable String name, @PathVariable String ref);

  /**
   * @param licence the tag {@code license} or {@code licence} of the version, else of the model
   * @param network scalar fields of {@code config.json}
   * @param decoding scalar fields of {@code generation_config.json}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ModelCard(
      String name,
      int version,
      @Nullable String description,
      String digest,
      List<String> aliases,
      Map<String, String> tags,
      @Nullable String licence,
      String registeredBy,
      Instant registeredAt,
      @Nullable Origin run,
      Map<String, String> network,
      Map<String, String> decoding,
      List<ModelFile> files) {}

  /**
   * The run that made the version.
   *
   * @param metrics the latest point of each
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Origin(
      String runId,
      String name,
      String status,
      Instant startedAt,
      @Nullable Instant endedAt,
      Map<String, String> params,
      Map<String, String> tags,
      List<Result> metrics) {}

  /**
   * @param value as text, because JSON has no NaN
   */
  record Result(String metric, String value, long step) {}
}
