package dev.unmask.registry.comment;

import dev.unmask.registry.api.CommentsApi.Comment;
import dev.unmask.registry.api.CommentsApi.CommentView;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.CommentsApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs/{run}/comments")
@RequiresRole(Role.MEMBER)
class CommentController {
  private final CommentService comments;

  CommentController(CommentService comments) {
    this.comments = comments;
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  List<CommentView> list(
      Caller caller,
      @PathVariable String run,
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return comments.list(caller, run, after == null ? 0 : after, most);
  }

  @PostMapping
  ResponseEntity<CommentView> add(
      Caller caller, @PathVariable String run, @Valid @RequestBody Comment comment) {
    return ResponseEntity.status(HttpStatus.CREATED).body(comments.add(caller, run, comment));
  }

  @PutMapping("/{id}")
  CommentView edit(
      Caller caller,
      @PathVariable String run,
      @PathVariable long id,
      @Valid @RequestBody Comment comment) {
    return comments.edit(caller, run, id, comment);
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> delete(Caller caller, @PathVariable String run, @PathVariable long id) {
    comments.delete(caller, run, id);
    return ResponseEntity.noContent().build();
  }
}
