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

/** How something spread at a step of a run, for instance losses by mask ratio. */
@HttpExchange("/api/v1/registry/runs/{run}/histograms")
public interface HistogramsApi {

  /**
   * Key of the loss by mask ratio that training logs: {@code counts} of masked tokens by how much
   * of their sequence or block was masked, {@code sums} of their cross-entropies in nats.
   */
  String LOSS_BY_MASK_RATIO = "validation/loss_by_mask_ratio";

  /**
   * Stores all of the histograms or none; one that is stored already is left as it is. Faults: 404
   * RUN_NOT_FOUND, 409 CONFLICT when key and step are those of another histogram. Needs a member.
   */
  @PostExchange
  Stored log(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run,
      @RequestBody LogHistograms request);

  /**
   * The histograms of a key by step. Of more steps than are wanted some are chosen evenly, the
   * first and the last among them; a narrower range shows those between.
   *
   * @param from lowest step, included
   * @param to highest step, included
   * @param steps histograms at most, 2 to 500; 100 where absent
   */
  @GetExchange
  HistogramSeries read(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run,
      @RequestParam String key,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable Long to,
      @RequestParam(required = false) @Nullable Integer steps);

  /**
   * The keys of a run's histograms in the order of their characters, at most 1,000 a page.
   *
   * @param after {@code next} of the page before
   */
  @GetExchange("/keys")
  HistogramKeys keys(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String run,
      @RequestParam(required = false) @Nullable String after);

  /**
   * @param histograms 1 to 100
   */
  record LogHistograms(List<Histogram> histograms) {}

  /**
   * @param key 1 to 250 characters
   * @param edges of the bins, strictly rising and finite: one more than there are bins, of which
   *     there are 1 to 512. Bin i reaches from edge i, included, to edge i + 1
   * @param counts how many fell into each bin, 0 or more
   * @param sums of what is measured of those in each bin, so that sum by count is a mean; absent
   *     where only counts are of interest. NaN and the infinities are the texts of these names
   * @param time when it was made; the time of the request where absent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Histogram(
      String key,
      long step,
      List<Double> edges,
      List<Long> counts,
      @Nullable List<Double> sums,
      @Nullable Instant time) {}

  /**
   * @param stored histograms that were not stored before
   */
  record Stored(int stored) {}

  /**
   * @param steps how many histograms there are in the range
   * @param thinned whether some of them are left out of {@code histograms}
   */
  record HistogramSeries(String key, long steps, boolean thinned, List<Histogram> histograms) {}

  /**
   * @param next for the page after this one; absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record HistogramKeys(List<HistogramKey> keys, @Nullable String next) {}

  /**
   * @param steps how many histograms there are
   */
  record HistogramKey(String key, long steps, long firstStep, long lastStep) {}
}
