package dev.unmask.registry.card;

import dev.unmask.registry.api.ModelCardsApi.ModelCard;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.ModelCardsApi}, and the same as Markdown. */
@RestController
@RequestMapping("/api/v1/registry/models/{name}/versions/{ref}/card")
@RequiresRole(Role.VIEWER)
class ModelCardController {
  private static final String MARKDOWN = "text/markdown;charset=UTF-8";

  private final ModelCardService cards;

  ModelCardController(ModelCardService cards) {
    this.cards = cards;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ModelCard card(Caller caller, @PathVariable String name, @PathVariable String ref) {
    return cards.of(caller.teamId(), name, ref);
  }

  @GetMapping(produces = MARKDOWN)
  String markdown(Caller caller, @PathVariable String name, @PathVariable String ref) {
    return CardMarkdown.of(cards.of(caller.teamId(), name, ref));
  }
}
