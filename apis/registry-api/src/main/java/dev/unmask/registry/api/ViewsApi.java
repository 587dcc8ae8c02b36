package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.registry.api.RunsApi.RunState;
import jakarta.validation.Valid;
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
 * Searches of runs that are kept under a name, by a user for himself or for the whole team. What a
 * view finds is asked of {@link RunsApi} with its fields.
 */
@HttpExchange("/api/v1/registry/views")
public interface ViewsApi {

  /**
   * The caller's views and those that others share, in the order they were made.
   *
   * @param after only views made after the one of this id: the last one of the page before
   */
  @GetExchange
  List<SavedView> list(
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @RequestParam(name = "max_results", defaultValue = "100") int most);

  /** Answers 404 for a view that another user keeps to himself. */
  @GetExchange("/{id}")
  SavedView get(@PathVariable long id);

  /**
   * Needs a member.
   *
   * @return 201; 400 when the search would not be understood, 409 when the caller has a view of the
   *     name already
   */
  @PostExchange
  ResponseEntity<SavedView> create(@Valid @RequestBody NewView view);

  /**
   * Replaces a view of the caller's own.
   *
   * @return 409 when it has another version than the one that is to be replaced
   */
  @PutExchange("/{id}")
  SavedView change(@PathVariable long id, @Valid @RequestBody ChangedView view);

  /** Answers 204; its owner may, and maintainers where it is shared. */
  @DeleteExchange("/{id}")
  ResponseEntity<Void> delete(@PathVariable long id);

  /**
   * What to look for and how to show it; the fields are those of {@link RunsApi.RunQuery}.
   *
   * @param experiments ids; all active experiments of the team where absent or empty
   * @param fields the columns, in order
   * @param group how to group what is found; not at all where absent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SavedSearch(
      @Nullable @Size(max = 1_000) List<@NotNull Long> experiments,
      @Nullable String filter,
      @Nullable @Size(max = 20) List<@NotNull String> order,
      @Nullable RunState state,
      @Nullable @Size(max = 200) List<@NotNull String> fields,
      @Nullable @Valid Grouping group) {}

  /**
   * @param by a param or a tag, for instance {@code params.lr}
   * @param metrics keys of the metrics to describe
   */
  record Grouping(@NotBlank String by, @NotEmpty @Size(max = 20) List<@NotBlank String> metrics) {}

  /**
   * @param shared whether the team sees it; it does not where absent
   */
  record NewView(
      @NotBlank
          @Size(max = 100)
          @Pattern(regexp = "\\P{Cc}*", message = "must hold no control characters")
          String name,
      @Nullable Boolean shared,
      @NotNull @Valid SavedSearch search) {}

  /**
   * @param version of the view that is replaced, as it was read
   */
  record ChangedView(
      @NotNull Integer version,
      @NotBlank
          @Size(max = 100)
          @Pattern(regexp = "\\P{Cc}*", message = "must hold no control characters")
          String name,
      @Nullable Boolean shared,
      @NotNull @Valid SavedSearch search) {}

  /**
   * @param owner name of the user
   * @param yours whether the caller owns it
   * @param version 1 when it is made, one more with each change
   */
  record SavedView(
      long id,
      String name,
      boolean shared,
      String owner,
      boolean yours,
      int version,
      SavedSearch search,
      Instant createdAt,
      Instant changedAt) {}
}
