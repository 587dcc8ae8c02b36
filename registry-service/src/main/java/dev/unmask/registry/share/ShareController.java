package dev.unmask.registry.share;

import dev.unmask.registry.api.SharesApi.CreateShare;
import dev.unmask.registry.api.SharesApi.CreatedShare;
import dev.unmask.registry.api.SharesApi.ShareView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The team's side of {@link dev.unmask.registry.api.SharesApi}. */
@RestController
@RequestMapping("/api/v1/registry/shares")
@RequiresRole(Role.MAINTAINER)
class ShareController {
  private final ShareService shares;

  ShareController(ShareService shares) {
    this.shares = shares;
  }

  @PostMapping
  ResponseEntity<CreatedShare> create(Caller caller, @Valid @RequestBody CreateShare request) {
    return ResponseEntity.status(HttpStatus.CREATED).body(shares.create(caller, request));
  }

  @RequiresRole(Role.MEMBER)
  @GetMapping
  List<ShareView> list(Caller caller) {
    return shares.list(caller.teamId());
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> revoke(Caller caller, @PathVariable String id) {
    shares.revoke(caller, id);
    return ResponseEntity.noContent().build();
  }
}
