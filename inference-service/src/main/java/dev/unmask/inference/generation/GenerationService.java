package dev.unmask.inference.generation;

import dev.unmask.inference.deployment.ServedModel;
import dev.unmask.inference.engine.Engine;
import dev.unmask.inference.engine.EngineRequest;
import dev.unmask.inference.engine.LanguageModel;
import dev.unmask.inference.engine.RefusedSetting;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.RequestId;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;

/** Turns what callers want into requests that the engine runs. */
@Service
public class GenerationService {
  private final Engine engine;
  private final RandomGenerator seeds;

  GenerationService(Engine engine, RandomGenerator seeds) {
    this.engine = engine;
    this.seeds = seeds;
  }

  /**
   * Decides every setting and checks that prompts and answer fit the model.
   *
   * @throws UnmaskException with PROMPT_TOO_LONG or INVALID_REQUEST, naming the field
   */
  public GenerationPlan plan(ServedModel served, GenerationSpec spec) {
    LanguageModel model = served.model();
    List<int[]> prompts = spec.prompts().stream().map(prompt -> tokens(model, prompt)).toList();
    int[] suffix = model.tokenizer().encode(spec.suffix());
    DecodeSettings settings = settings(served, spec);
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    int room = model.contextLength() - longest - suffix.length;
    if (spec.decoding().maxTokens() == null && room > 0) {
      settings = settings.withMaxTokens(Math.min(settings.maxTokens(), room));
    }
    if (settings.maxTokens() > room) {
      throw tooLong(served, longest, suffix.length, settings.maxTokens());
    }
    settings = withPolicy(served, spec, settings);
    model.check(settings);
    return new GenerationPlan(served, prompts, spec.samples(), suffix, settings);
  }

  /**
   * Queues all choices, or none.
   *
   * @throws UnmaskException with QUEUE_FULL or UNAVAILABLE
   */
  public RunningGeneration start(String team, GenerationPlan plan) {
    BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
    List<EngineRequest> requests =
        IntStream.range(0, plan.choices())
            .mapToObj(choice -> request(team, plan, choice, events))
            .toList();
    return new RunningGeneration(events, engine.submit(requests));
  }

  private static EngineRequest request(
      String team, GenerationPlan plan, int choice, BlockingQueue<GenerationEvent> events) {
    return new EngineRequest(
        team,
        RequestId.current(),
        plan.served().model(),
        Canvas.infill(plan.promptOf(choice), plan.suffix()),
        plan.settings(),
        choice % plan.samples(), // the same prompt and seed give the same text in any batch
        new ChoiceListener(choice, events));
  }

  private DecodeSettings settings(ServedModel served, GenerationSpec spec) {
    DecodeSettings settings =
        DecodingLayers.overlay(
            served.model().defaults().withSeed(seeds.nextLong() >>> 11),
            served.deployment().decoding());
    settings = DecodingLayers.overlay(settings, spec.decoding());
    settings = settings.withStop(spec.stop());
    return spec.ignoreEndOfText() ? settings.withMayEnd(false) : settings;
  }

  private static DecodeSettings withPolicy(
      ServedModel served, GenerationSpec spec, DecodeSettings settings) {
    try {
      return DecodingLayers.withPolicy(
          settings,
          List.of(spec.decoding(), served.deployment().decoding()),
          served.model().algorithms());
    } catch (DecodeSettingException refused) {
      throw RefusedSetting.of(refused);
    }
  }

  private static int[] tokens(LanguageModel model, Prompt prompt) {
    return switch (prompt) {
      case Prompt.Text(String text) -> model.tokenizer().encode(text);
      case Prompt.Tokens(int[] ids) -> {
        int vocabulary = model.tokenizer().vocabularySize();
        for (int id : ids) {
          if (id < 0 || id >= vocabulary) {
            String message = "token ids must be in [0, %d), was %d".formatted(vocabulary, id);
            throw new UnmaskException(
                ErrorCode.INVALID_REQUEST, message, List.of(new FieldFault("prompt", message)));
          }
        }
        yield ids;
      }
    };
  }

  private static UnmaskException tooLong(
      ServedModel served, int prompt, int suffix, int maxTokens) {
    return new UnmaskException(
        ErrorCode.PROMPT_TOO_LONG,
        "%s takes at most %d tokens; prompt (%d), suffix (%d) and max_tokens (%d) are %d"
            .formatted(
                served.deployment().resolvedModel(),
                served.model().contextLength(),
                prompt,
                suffix,
                maxTokens,
                prompt + suffix + maxTokens),
        List.of(new FieldFault("prompt", "is too long")));
  }
}
