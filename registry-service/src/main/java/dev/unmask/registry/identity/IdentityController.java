package dev.unmask.registry.identity;

import dev.unmask.registry.api.IdentityApi.CreateToken;
import dev.unmask.registry.api.IdentityApi.CreatedToken;
import dev.unmask.registry.api.IdentityApi.ExchangeRequest;
import dev.unmask.registry.api.IdentityApi.ExchangedToken;
import dev.unmask.registry.api.IdentityApi.Me;
import dev.unmask.registry.api.IdentityApi.TokenView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.PublicRoute;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.IdentityApi}; its tests call it through that contract. */
@RestController
@RequestMapping("/api/v1/identity")
@RequiresRole(Role.VIEWER)
class IdentityController {
  private final IdentityService identity;

  IdentityController(IdentityService identity) {
    this.identity = identity;
  }

  @PublicRoute
  @PostMapping("/exchange")
  ExchangedToken exchange(@Valid @RequestBody ExchangeRequest request) {
    return identity.exchange(new ApiToken(request.token().strip()));
  }

  @PublicRoute
  @GetMapping("/jwks")
  Map<String, Object> jwks() {
    return identity.publicKeys();
  }

  @GetMapping("/me")
  Me me(Caller caller) {
    return new Me(
        caller.userId(),
        caller.name(),
        caller.teamId(),
        caller.teamName(),
        caller.role().wireName());
  }

  @GetMapping("/tokens")
  List<TokenView> tokens(Caller caller) {
    return identity.tokensOf(caller);
  }

  @PostMapping("/tokens")
  ResponseEntity<CreatedToken> createToken(Caller caller, @Valid @RequestBody CreateToken request) {
    return ResponseEntity.status(HttpStatus.CREATED).body(identity.create(caller, request));
  }

  @DeleteMapping("/tokens/{id}")
  ResponseEntity<Void> revokeToken(Caller caller, @PathVariable String id) {
    identity.revoke(caller, id);
    return ResponseEntity.noContent().build();
  }
}
