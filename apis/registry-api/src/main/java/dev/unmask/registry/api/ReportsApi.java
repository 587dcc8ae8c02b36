package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.unmask.registry.api.SeriesApi.Axis;
import dev.unmask.registry.api.ViewsApi.SavedSearch;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Reports of a team: a text and panels, which say what to show and are filled with what is known
 * when they are looked at. Every change is kept as a version.
 */
@HttpExchange("/api/v1/registry/reports")
public interface ReportsApi {
  /** Characters of the longest text. */
  int LONGEST = 100_000;

  /** Runs that the panels of one report may name. */
  int RUNS = 100;

  /**
   * Newest first, by when they were made.
   *
   * @param before only reports with a smaller id: the id of the last one of the page before
   */
  @GetExchange
  List<ReportSummary> list(
      @RequestParam(name = "before", required = false) @Nullable Long before,
      @RequestParam(name = "max_results", defaultValue = "100") int most);

  /** The report as it is now. */
  @GetExchange("/{id}")
  Report get(@PathVariable long id);

  /**
   * Needs a member.
   *
   * @return 201; 400 naming each panel that shows what there is not
   */
  @PostExchange
  ResponseEntity<Report> create(@Valid @RequestBody NewReport report);

  /**
   * Makes a new version; needs a member. What a panel shows must be there, unless the panel stays
   * as it was.
   *
   * @return 409 when the report has another version than the one that is to be replaced
   */
  @PutExchange("/{id}")
  Report save(@PathVariable long id, @Valid @RequestBody ChangedReport report);

  /** Answers 204; who made it may, and maintainers. All versions go. */
  @DeleteExchange("/{id}")
  ResponseEntity<Void> delete(@PathVariable long id);

  /**
   * Newest first.
   *
   * @param before only versions with a smaller number
   */
  @GetExchange("/{id}/versions")
  List<ReportVersion> versions(
      @PathVariable long id,
      @RequestParam(name = "before", required = false) @Nullable Integer before,
      @RequestParam(name = "max_results", defaultValue = "100") int most);

  /** The report as it was. */
  @GetExchange("/{id}/versions/{version}")
  Report version(@PathVariable long id, @PathVariable int version);

  /**
   * Makes a new version that says what an old one said; needs a member.
   *
   * @return 409 when the report has another version than the one that is to be replaced
   */
  @PostExchange("/{id}/versions/{version}/restore")
  Report restore(
      @PathVariable long id, @PathVariable int version, @Valid @RequestBody Restore restore);

  /** Something that a report shows live, chosen by {@code kind}. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Curves.class, name = "curves"),
    @JsonSubTypes.Type(value = RunTable.class, name = "runs"),
    @JsonSubTypes.Type(value = Differences.class, name = "differences"),
    @JsonSubTypes.Type(value = Card.class, name = "model-card")
  })
  sealed interface Panel {
    /** What stands above it; null for nothing. */
    @Nullable String title();
  }

  /**
   * Metrics of runs in one chart.
   *
   * @param runs ids
   * @param metrics keys
   * @param x step where absent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Curves(
      @Nullable @Size(max = 200) String title,
      @NotEmpty @Size(max = 20) List<@NotBlank @Size(max = 64) String> runs,
      @NotEmpty @Size(max = 10) List<@NotBlank @Size(max = 250) String> metrics,
      @Nullable Axis x)
      implements Panel {}

  /**
   * What a search finds, looked for again whenever the report is read.
   *
   * @param size runs at most, 20 where absent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunTable(
      @Nullable @Size(max = 200) String title,
      @NotNull @Valid SavedSearch search,
      @Nullable @Min(1) @Max(100) Integer size)
      implements Panel {}

  /**
   * The params and tags that differ between runs.
   *
   * @param runs ids
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Differences(
      @Nullable @Size(max = 200) String title,
      @NotNull @Size(min = 2, max = 20) List<@NotBlank @Size(max = 64) String> runs)
      implements Panel {}

  /**
   * The card of a model's version.
   *
   * @param version a number, or an alias such as {@code @champion}, which is followed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Card(
      @Nullable @Size(max = 200) String title,
      @NotBlank @Size(max = 256) String model,
      @NotBlank @Size(max = 256) String version)
      implements Panel {}

  /**
   * @param text Markdown, kept as it was written
   */
  record NewReport(
      @NotBlank
          @Size(max = 200)
          @Pattern(regexp = "\\P{Cc}*", message = "must hold no control characters")
          String title,
      @NotNull String text,
      @NotNull @Size(max = 50) List<@NotNull @Valid Panel> panels) {}

  /**
   * @param version of the report that is replaced, as it was read
   */
  record ChangedReport(
      @NotNull Integer version,
      @NotBlank
          @Size(max = 200)
          @Pattern(regexp = "\\P{Cc}*", message = "must hold no control characters")
          String title,
      @NotNull String text,
      @NotNull @Size(max = 50) List<@NotNull @Valid Panel> panels) {}

  /**
   * @param replaces the version that the report has now
   */
  record Restore(@NotNull Integer replaces) {}

  /**
   * @param author name of who made the report
   * @param version the newest
   */
  record ReportSummary(
      long id,
      String title,
      int version,
      String author,
      String changedBy,
      Instant createdAt,
      Instant changedAt) {}

  /**
   * One version of a report.
   *
   * @param author name of who made the report
   * @param changedBy name of who made the version, at {@code changedAt}
   */
  record Report(
      long id,
      String title,
      String text,
      List<Panel> panels,
      int version,
      String author,
      String changedBy,
      Instant createdAt,
      Instant changedAt) {}

  /**
   * @param restored the version whose content this one brought back; absent for others
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ReportVersion(
      int version, String title, String changedBy, Instant changedAt, @Nullable Integer restored) {}
}
