package dev.unmask.registry.imports;

import dev.unmask.registry.api.ImportsApi.ImportView;
import dev.unmask.registry.api.ImportsApi.StartImport;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.ImportsApi}. */
@RestController
@RequestMapping("/api/v1/registry/imports")
@RequiresRole(Role.ADMIN)
class ImportController {
  private final ImportService imports;

  ImportController(ImportService imports) {
    this.imports = imports;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  ImportView start(Caller caller, @Valid @RequestBody StartImport request) {
    return imports.start(caller, request);
  }

  @GetMapping
  List<ImportView> list(Caller caller) {
    return imports.list(caller.teamId());
  }

  @GetMapping("/{id}")
  ImportView get(Caller caller, @PathVariable String id) {
    return imports.get(caller.teamId(), id);
  }

  @DeleteMapping("/{id}")
  ImportView cancel(Caller caller, @PathVariable String id) {
    return imports.cancel(caller, id);
  }
}
