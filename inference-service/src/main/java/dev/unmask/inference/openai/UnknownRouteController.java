package dev.unmask.inference.openai;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The rest of OpenAI's surface, so that its clients get an error they can read. */
@RestController
@RequiresRole(Role.VIEWER)
class UnknownRouteController {

  @RequestMapping("/v1/**")
  void refuse() {
    throw new UnmaskException(
        ErrorCode.ROUTE_NOT_FOUND,
        "only GET /v1/models, GET /v1/models/{id} and POST /v1/completions are served here");
  }
}
