package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.registry.api.ReportsApi.Panel;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Share links: the secret of a link is a token ({@code Authorization: Bearer ums_...}) that reads a
 * set of runs, or a report and the runs that its panels name, by the routes below {@code /shared},
 * and can do nothing else.
 *
 * <p>A link over a report shows the report as it is when somebody looks, with every change since
 * the link was made. It never shows more runs than the report named when the link was made: links
 * are made by maintainers, and members, who may change a report, do not widen them. A run that is
 * taken out of the report is not shown any more.
 */
@HttpExchange("/api/v1/registry")
public interface SharesApi {

  /**
   * Makes a link; for maintainers.
   *
   * @return 201 with the secret, which is shown this once; 404 when a run or the report is not the
   *     team's
   */
  @PostExchange("/shares")
  ResponseEntity<CreatedShare> create(@Valid @RequestBody CreateShare request);

  /** The team's links that are not revoked, newest first. */
  @GetExchange("/shares")
  List<ShareView> list();

  /** Ends a link; answers 204, or 404 when the team has none of this id. */
  @DeleteExchange("/shares/{id}")
  ResponseEntity<Void> revoke(@PathVariable String id);

  /** What the link shows; for its holder. */
  @GetExchange("/shared")
  SharedView shared();

  /**
   * The first points of a metric of a shared run by timestamp, at most 10,000; for the link's
   * holder.
   */
  @GetExchange("/shared/runs/{run}/history")
  List<SharedPoint> history(@PathVariable String run, @RequestParam String metric);

  /** Files and folders of a folder of a shared run, where artifacts are shared. */
  @GetExchange("/shared/runs/{run}/artifacts")
  List<SharedFile> artifacts(
      @PathVariable String run, @RequestParam(required = false) @Nullable String path);

  /**
   * @param name what the link is for; its holder sees it
   * @param runs ids of the runs it shows; absent where it shows a report
   * @param report id of the report it shows; absent where it shows runs
   * @param artifacts whether it shows their files, too; it does not where absent
   * @param expiresAt when it ends, at most a year from now
   */
  record CreateShare(
      @NotBlank
          @Size(max = 100)
          @Pattern(regexp = "\\P{Cc}*", message = "must hold no control characters")
          String name,
      @Nullable @Size(min = 1, max = 100) List<@NotBlank @Size(max = 64) String> runs,
      @Nullable Long report,
      @Nullable Boolean artifacts,
      @NotNull @Future Instant expiresAt) {}

  /**
   * @param secret to be given to those who may read
   */
  record CreatedShare(String secret, ShareView share) {}

  /**
   * @param hint the first characters of the secret
   * @param report absent where the link shows runs by themselves
   * @param runs those that it shows today
   * @param lastUsedAt to the minute
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ShareView(
      String id,
      String name,
      String hint,
      @Nullable Long report,
      List<String> runs,
      boolean artifacts,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /**
   * @param report absent where the link shows runs by themselves, and where it is deleted
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SharedView(
      String name,
      Instant expiresAt,
      boolean artifacts,
      @Nullable SharedReport report,
      List<SharedRun> runs) {}

  /**
   * A report without what would name people or read beyond the shared runs.
   *
   * @param panels those over shared runs, with these runs only; searches and models are left out
   * @param hiddenPanels how many panels are left out
   */
  record SharedReport(
      String title, String text, List<Panel> panels, int hiddenPanels, Instant changedAt) {}

  /**
   * @param metrics the latest value of each; NaN and the infinities as text
   * @param tags without those of the tracking protocol, which name users and machines
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SharedRun(
      String runId,
      String name,
      String status,
      Instant startTime,
      @Nullable Instant endTime,
      Map<String, String> params,
      Map<String, String> tags,
      Map<String, Double> metrics) {}

  record SharedPoint(long step, Instant timestamp, double value) {}

  /**
   * @param size in bytes, 0 for folders
   */
  record SharedFile(String path, boolean folder, long size) {}
}
