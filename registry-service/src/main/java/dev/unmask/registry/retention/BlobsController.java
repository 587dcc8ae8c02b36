package dev.unmask.registry.retention;

import dev.unmask.registry.api.BlobsApi.BlobsView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.BlobsApi}. */
@RestController
@RequestMapping("/api/v1/registry/blobs")
@RequiresRole(Role.ADMIN)
class BlobsController {
  private final BlobCheckService blobs;

  BlobsController(BlobCheckService blobs) {
    this.blobs = blobs;
  }

  @GetMapping
  BlobsView check(Caller caller) {
    return blobs.check(caller.teamId());
  }
}
