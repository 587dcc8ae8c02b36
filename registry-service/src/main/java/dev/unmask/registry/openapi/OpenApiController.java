package dev.unmask.registry.openapi;

import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@code docs/api/registry.json}, which a test keeps to what the routes are. */
@RestController
class OpenApiController {
  private static final Resource PAGE = new ClassPathResource("openapi/registry.json");

  /** This description, as OpenAPI 3.1. */
  @RequiresRole(Role.VIEWER)
  @GetMapping(path = "/api/v1/registry/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
  Resource page() {
    return PAGE;
  }
}
