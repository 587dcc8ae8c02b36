package dev.unmask.inference.deployment;

import dev.unmask.inference.api.ScoreRequest;
import dev.unmask.inference.api.ScoreView;
import dev.unmask.inference.engine.Engine;
import dev.unmask.inference.engine.LanguageModel;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.springframework.stereotype.Component;

/** How probable a deployed model finds a text. */
@Component
class DeploymentScores {
  private final ServedModels served;
  private final Engine engine;

  DeploymentScores(ServedModels served, Engine engine) {
    this.served = served;
    this.engine = engine;
  }

  ScoreView score(String team, String id, ScoreRequest request) {
    LanguageModel model = served.ofDeployment(team, id).model();
    int[] tokens = tokens(model, request);
    Integer given = request.from();
    int from = given == null ? 0 : given;
    if (from >= tokens.length) {
      throw fault("from", "must be below the number of tokens, " + tokens.length + ", was " + from);
    }
    double nats = computed(model, tokens, from);
    return new ScoreView(nats, Math.exp(nats), tokens.length - from);
  }

  private double computed(LanguageModel model, int[] tokens, int from) {
    try {
      return engine.run(() -> model.score(tokens, from)).join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private static int[] tokens(LanguageModel model, ScoreRequest request) {
    String text = request.text();
    List<Integer> given = request.tokens();
    int[] tokens =
        text != null
            ? model.tokenizer().encode(text)
            : given == null ? new int[0] : given.stream().mapToInt(Integer::intValue).toArray();
    if (tokens.length > model.contextLength()) {
      throw fault(
          text != null ? "text" : "tokens",
          "must have at most %d tokens, had %d".formatted(model.contextLength(), tokens.length));
    }
    int vocabulary = model.tokenizer().vocabularySize();
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw fault("tokens", "must be in [0, %d), was %d".formatted(vocabulary, token));
      }
    }
    return tokens;
  }

  private static UnmaskException fault(String field, String message) {
    return new UnmaskException(
        ErrorCode.INVALID_REQUEST, field + " " + message, List.of(new FieldFault(field, message)));
  }
}
