package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
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

/** What members of a team say about one of its runs. */
@HttpExchange("/api/v1/registry/runs/{run}/comments")
public interface CommentsApi {
  /** Characters of the longest comment. */
  int LONGEST = 10_000;

  /**
   * Oldest first.
   *
   * @param after only comments that came after the one of this id: the last one of the page before
   */
  @GetExchange
  List<CommentView> list(
      @PathVariable String run,
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @RequestParam(name = "max_results", defaultValue = "100") int most);

  /** Answers 201; needs a member, and a run that is not deleted. */
  @PostExchange
  ResponseEntity<CommentView> add(@PathVariable String run, @Valid @RequestBody Comment comment);

  /** Replaces the text; only its author may. */
  @PutExchange("/{id}")
  CommentView edit(
      @PathVariable String run, @PathVariable long id, @Valid @RequestBody Comment comment);

  /** Answers 204; its author may, and maintainers. */
  @DeleteExchange("/{id}")
  ResponseEntity<Void> delete(@PathVariable String run, @PathVariable long id);

  /**
   * @param text Markdown, kept as it was written; at most {@link #LONGEST} characters
   */
  record Comment(@NotBlank String text) {}

  /**
   * @param author name of who wrote it
   * @param yours whether the caller did
   * @param editedAt when its text was last replaced; absent where it never was
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CommentView(
      long id,
      String author,
      boolean yours,
      String text,
      Instant createdAt,
      @Nullable Instant editedAt) {}
}
