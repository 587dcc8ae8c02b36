package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Which versions may be promoted, where aliases pointed, and the way back. A target is an alias, or
 * {@code stage:Production} and {@code stage:Staging} for MLflow's stages. Rules hold whichever
 * protocol moves the target; a refused move is answered 409 {@code PROMOTION_REFUSED}.
 */
@HttpExchange("/api/v1/registry/models/{name}")
public interface PromotionApi {

  /** The rules of a target; empty where every version may be promoted. */
  @GetExchange("/promotion/{target}")
  Rules rules(@PathVariable String name, @PathVariable String target);

  /** Replaces the rules of a target; an empty list removes them. Needs a maintainer. */
  @PutExchange("/promotion/{target}")
  Rules setRules(
      @PathVariable String name, @PathVariable String target, @Valid @RequestBody Rules rules);

  /**
   * What the rules say of a version, without moving anything.
   *
   * @param ref a number, or {@code @} and an alias
   */
  @GetExchange("/promotion/{target}/check")
  Verdict check(
      @PathVariable String name, @PathVariable String target, @RequestParam("version") String ref);

  /** The newest moves of an alias, the last one first. */
  @GetExchange("/aliases/{alias}/history")
  History history(
      @PathVariable String name,
      @PathVariable String alias,
      @RequestParam(name = "max_results", defaultValue = "100") int most);

  /**
   * Points an alias at the version before; a second time at the one before that. Rules are not
   * asked. Needs a maintainer.
   *
   * @return 409 when there is none to go back to
   */
  @PostExchange("/aliases/{alias}/rollback")
  Rollback rollBack(@PathVariable String name, @PathVariable String alias);

  /**
   * @param rules all of which a version must fulfil
   */
  record Rules(@NotNull @Size(max = 50) List<@Valid @NotNull Rule> rules) {}

  /** What kind of rule, and with it which fields of {@link Rule} are needed. */
  enum Kind {
    /** The version's run has a finite metric {@code key}. */
    @JsonProperty("metric-present")
    METRIC_PRESENT,
    /** The metric {@code key} is at most ({@code better: lower}) or at least {@code number}. */
    @JsonProperty("metric-limit")
    METRIC_LIMIT,
    /**
     * The metric {@code key} is better than that of the version that the target names now, by at
     * least {@code number}; fulfilled where the target names none, or one without the metric.
     */
    @JsonProperty("metric-better")
    METRIC_BETTER,
    /** The version has a tag {@code key}, of the value {@code value} where one is given. */
    @JsonProperty("tag")
    TAG
  }

  /** Which values of a metric are better. */
  enum Better {
    @JsonProperty("lower")
    LOWER,
    @JsonProperty("higher")
    HIGHER
  }

  /**
   * @param number limit or margin, in the metric's unit
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Rule(
      @NotNull Kind kind,
      @NotNull @Size(min = 1, max = 250) String key,
      @Nullable Better better,
      @Nullable Double number,
      @Nullable @Size(max = 5_000) String value) {}

  /**
   * @param promotable whether every rule is fulfilled
   * @param champion the version that the target names now; null if none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Verdict(
      int version, @Nullable Integer champion, boolean promotable, List<Finding> findings) {}

  /**
   * @param message what was found, with values
   */
  record Finding(Rule rule, boolean fulfilled, String message) {}

  /**
   * @param moves the last one first
   */
  record History(List<Move> moves) {}

  /**
   * @param kind {@code set}, {@code rolled_back} or {@code removed}
   * @param version absent when the alias was removed
   * @param previous absent when it was new
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Move(
      String kind,
      @Nullable Integer version,
      @Nullable Integer previous,
      String userId,
      Instant at) {}

  /**
   * @param version that the alias points at now
   */
  record Rollback(int version) {}
}
