package dev.unmask.inference.deployment;

import dev.unmask.inference.api.ScoreEstimator;
import dev.unmask.inference.api.ScoreNormalisation;
import dev.unmask.inference.api.ScoreRequest;
import dev.unmask.inference.api.ScoreView;
import dev.unmask.inference.api.ScoreView.OptionView;
import dev.unmask.inference.engine.Engine;
import dev.unmask.inference.engine.LanguageModel;
import dev.unmask.lm.evaluation.Estimator;
import dev.unmask.lm.evaluation.OptionScores;
import dev.unmask.lm.evaluation.OptionScores.Normalisation;
import dev.unmask.lm.evaluation.OptionScores.Option;
import dev.unmask.lm.evaluation.Perplexity;
import dev.unmask.lm.evaluation.Perplexity.Windows;
import dev.unmask.lm.evaluation.TextScore;
import dev.unmask.lm.evaluation.TextScorer;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How probable a deployed model finds a text, or each of several options. */
@Component
class DeploymentScores {
  private static final int DRAWS = 64;

  /** What one request may ask of the engine that all requests share. */
  private static final int MOST_TOKENS = 16_384;

  private final ServedModels served;
  private final Engine engine;

  DeploymentScores(ServedModels served, Engine engine) {
    this.served = served;
    this.engine = engine;
  }

  ScoreView score(String team, String id, ScoreRequest request) {
    LanguageModel model = served.ofDeployment(team, id).model();
    Estimator estimator = estimator(model, request.estimator());
    Ask ask = new Ask(model, estimator, onEngine(model, estimator), request);
    int[] tokens = tokens(model, request);
    List<String> options = request.options();
    return options == null ? ofText(ask, tokens) : ofOptions(ask, tokens, options);
  }

  private record Ask(
      LanguageModel model, Estimator estimator, TextScorer scorer, ScoreRequest request) {
    int draws() {
      return or(request.draws(), DRAWS);
    }

    long seed() {
      return or(request.seed(), 0L);
    }
  }

  private static ScoreView ofText(Ask ask, int[] tokens) {
    Integer window = ask.request().window();
    return window == null ? ofOnePiece(ask, tokens) : ofWindows(ask, tokens, window);
  }

  private static ScoreView ofOnePiece(Ask ask, int[] tokens) {
    int from = or(ask.request().from(), 0);
    if (from >= tokens.length) {
      throw fault("from", "must be below the number of tokens, " + tokens.length + ", was " + from);
    }
    inContext(ask.model(), tokens.length, ask.request().text() != null ? "text" : "tokens");
    int scored = Math.max(from, ask.model().firstScored());
    if (scored >= tokens.length) {
      throw fault("text", "must have more than one token: nothing predicts the first");
    }
    TextScore score = ask.scorer().score(tokens, scored, ask.draws(), ask.seed());
    String text = ask.model().tokenizer().decode(Arrays.copyOfRange(tokens, scored, tokens.length));
    return view(ask, Perplexity.ofOne(score.totalNats(), score.tokens(), text), null, null);
  }

  private static ScoreView ofWindows(Ask ask, int[] tokens, int window) {
    inContext(ask.model(), window, "window");
    Windows windows = new Windows(window, or(ask.request().stride(), window));
    return view(
        ask,
        Perplexity.of(
            ask.scorer(),
            ask.model().tokenizer(),
            tokens,
            windows,
            ask.model().firstScored(),
            ask.draws(),
            ask.seed()),
        null,
        null);
  }

  private static ScoreView view(
      Ask ask, Perplexity perplexity, @Nullable List<OptionView> options, @Nullable Integer best) {
    double error = perplexity.standardError();
    return new ScoreView(
        perplexity.natsPerToken(),
        perplexity.value(),
        perplexity.scoredTokens(),
        perplexity.bitsPerByte(),
        ScoreEstimator.valueOf(ask.estimator().name()),
        Double.isNaN(error) ? null : error,
        options,
        best);
  }

  private static ScoreView ofOptions(Ask ask, int[] prompt, List<String> texts) {
    LanguageModel model = ask.model();
    if (prompt.length < model.firstScored()) {
      throw fault("text", "must not be empty: nothing predicts the first token");
    }
    List<Option> options =
        texts.stream().map(text -> new Option(text, model.tokenizer().encode(text))).toList();
    for (Option option : options) {
      inContext(model, prompt.length + option.tokens().length, "options");
    }
    Normalisation normalisation =
        Normalisation.valueOf(or(ask.request().normalise(), ScoreNormalisation.NONE).name());
    OptionScores scores =
        OptionScores.of(ask.scorer(), prompt, options, normalisation, ask.draws(), ask.seed());
    List<OptionView> views =
        IntStream.range(0, options.size())
            .mapToObj(i -> view(options.get(i), scores.nats()[i], scores.normalised(i)))
            .toList();
    int best = scores.best();
    Option chosen = options.get(best);
    Perplexity perplexity =
        Perplexity.ofOne(scores.nats()[best], chosen.tokens().length, chosen.text());
    return view(ask, perplexity, views, best);
  }

  private static OptionView view(Option option, double nats, double normalised) {
    return new OptionView(option.text(), option.tokens().length, nats, normalised);
  }

  private static Estimator estimator(LanguageModel model, @Nullable ScoreEstimator wanted) {
    List<Estimator> known = model.estimators();
    if (known.isEmpty()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "models of this family cannot be scored; deploy one of another family to score texts");
    }
    Estimator estimator = wanted == null ? known.getFirst() : Estimator.valueOf(wanted.name());
    if (!known.contains(estimator)) {
      List<String> names =
          known.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
      throw fault("estimator", "must be one of " + names + " for this model");
    }
    return estimator;
  }

  /** Window by window and option by option, so that other requests get their turns between. */
  private TextScorer onEngine(LanguageModel model, Estimator estimator) {
    return (tokens, from, draws, seed) -> {
      try {
        return engine.run(() -> model.score(estimator, tokens, from, draws, seed)).join();
      } catch (CompletionException failed) {
        throw switch (failed.getCause()) {
          case IllegalArgumentException refused ->
              new UnmaskException(ErrorCode.INVALID_REQUEST, String.valueOf(refused.getMessage()));
          case RuntimeException cause -> cause;
          case null, default -> failed;
        };
      }
    };
  }

  private static int[] tokens(LanguageModel model, ScoreRequest request) {
    String text = request.text();
    List<Integer> given = request.tokens();
    int[] tokens =
        text != null
            ? model.tokenizer().encode(text)
            : given == null ? new int[0] : given.stream().mapToInt(Integer::intValue).toArray();
    int vocabulary = model.tokenizer().vocabularySize();
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw fault("tokens", "must be in [0, %d), was %d".formatted(vocabulary, token));
      }
    }
    if (tokens.length > MOST_TOKENS) {
      throw fault(
          text != null ? "text" : "tokens",
          "must have at most %d tokens, had %d: send it in parts"
              .formatted(MOST_TOKENS, tokens.length));
    }
    return tokens;
  }

  private static void inContext(LanguageModel model, int tokens, String field) {
    if (tokens > model.contextLength()) {
      String remedy = field.equals("window") || field.equals("options") ? "" : "; set a window";
      throw fault(
          field,
          "must have at most %d tokens, had %d".formatted(model.contextLength(), tokens) + remedy);
    }
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  private static UnmaskException fault(String field, String message) {
    return UnmaskException.ofField(ErrorCode.INVALID_REQUEST, field, message);
  }
}
