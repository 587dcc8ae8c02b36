package dev.unmask.registry.promotion;

import dev.unmask.registry.api.PromotionApi.Finding;
import dev.unmask.registry.api.PromotionApi.History;
import dev.unmask.registry.api.PromotionApi.Move;
import dev.unmask.registry.api.PromotionApi.Rollback;
import dev.unmask.registry.api.PromotionApi.Rules;
import dev.unmask.registry.api.PromotionApi.Verdict;
import dev.unmask.registry.model.AliasService;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.PromotionApi}. */
@RestController
@RequestMapping("/api/v1/registry/models/{name}")
@RequiresRole(Role.VIEWER)
class PromotionController {
  private final PromotionService promotion;
  private final AliasService aliases;

  PromotionController(PromotionService promotion, AliasService aliases) {
    this.promotion = promotion;
    this.aliases = aliases;
  }

  @GetMapping("/promotion/{target}")
  Rules rules(Caller caller, @PathVariable String name, @PathVariable String target) {
    return RuleMessages.of(promotion.rules(caller.teamId(), name, target));
  }

  @RequiresRole(Role.MAINTAINER)
  @PutMapping("/promotion/{target}")
  Rules setRules(
      Caller caller,
      @PathVariable String name,
      @PathVariable String target,
      @Valid @RequestBody Rules rules) {
    promotion.replace(caller, name, target, RuleMessages.read(rules));
    return rules(caller, name, target);
  }

  @GetMapping("/promotion/{target}/check")
  Verdict check(
      Caller caller,
      @PathVariable String name,
      @PathVariable String target,
      @RequestParam("version") String ref) {
    PromotionService.Verdict verdict = promotion.check(caller.teamId(), name, target, ref);
    return new Verdict(
        verdict.version(),
        verdict.champion(),
        verdict.promotable(),
        verdict.findings().stream()
            .map(
                finding ->
                    new Finding(
                        RuleMessages.of(finding.rule()), finding.fulfilled(), finding.message()))
            .toList());
  }

  @GetMapping("/aliases/{alias}/history")
  History history(
      Caller caller,
      @PathVariable String name,
      @PathVariable String alias,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return new History(
        aliases.history(caller.teamId(), name, alias, most).stream()
            .map(
                move ->
                    new Move(
                        move.kind().wireName(),
                        move.version(),
                        move.previous(),
                        move.userId(),
                        move.at()))
            .toList());
  }

  @RequiresRole(Role.MAINTAINER)
  @PostMapping("/aliases/{alias}/rollback")
  Rollback rollBack(Caller caller, @PathVariable String name, @PathVariable String alias) {
    return new Rollback(aliases.rollBack(caller, name, alias));
  }
}
