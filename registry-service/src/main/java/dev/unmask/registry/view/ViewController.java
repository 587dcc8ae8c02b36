package dev.unmask.registry.view;

import dev.unmask.registry.api.ViewsApi.ChangedView;
import dev.unmask.registry.api.ViewsApi.NewView;
import dev.unmask.registry.api.ViewsApi.SavedView;
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

/** Serves {@link dev.unmask.registry.api.ViewsApi}. */
@RestController
@RequestMapping("/api/v1/registry/views")
@RequiresRole(Role.MEMBER)
class ViewController {
  private final ViewService views;

  ViewController(ViewService views) {
    this.views = views;
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  List<SavedView> list(
      Caller caller,
      @RequestParam(name = "after", required = false) @Nullable Long after,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return views.list(caller, after == null ? 0 : after, most);
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/{id}")
  SavedView get(Caller caller, @PathVariable long id) {
    return views.get(caller, id);
  }

  @PostMapping
  ResponseEntity<SavedView> create(Caller caller, @Valid @RequestBody NewView view) {
    return ResponseEntity.status(HttpStatus.CREATED).body(views.create(caller, view));
  }

  @PutMapping("/{id}")
  SavedView change(Caller caller, @PathVariable long id, @Valid @RequestBody ChangedView view) {
    return views.change(caller, id, view);
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> delete(Caller caller, @PathVariable long id) {
    views.delete(caller, id);
    return ResponseEntity.noContent().build();
  }
}
