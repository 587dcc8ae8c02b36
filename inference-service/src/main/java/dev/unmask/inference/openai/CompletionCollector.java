package dev.unmask.inference.openai;

import dev.unmask.inference.generation.GenerationEvent;
import dev.unmask.inference.generation.RunningGeneration;
import dev.unmask.inference.openai.Completion.Choice;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits for all choices of an answer that is sent in one piece. */
final class CompletionCollector {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private CompletionCollector() {}

  /**
   * @param echoes what each choice begins with
   * @throws UnmaskException when a choice fails; then none computes any further
   */
  static Completion collect(
      CompletionDraft draft, RunningGeneration generation, List<String> echoes) {
    List<StringBuilder> texts = new ArrayList<>();
    echoes.forEach(echo -> texts.add(new StringBuilder(echo)));
    try {
      while (!draft.isComplete()) {
        switch (generation.next(LOOK)) {
          case null -> {}
          case GenerationEvent.Denoised step -> texts.get(step.choice()).append(step.text());
          case GenerationEvent.Finished finished -> draft.complete(finished);
          case GenerationEvent.Failed(int choice, UnmaskException reason) -> throw reason;
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new UnmaskException(ErrorCode.UNAVAILABLE, "the service is stopping", stopping);
    } finally {
      generation.cancel();
    }
    return draft.answer(choices(draft, texts));
  }

  private static List<Choice> choices(CompletionDraft draft, List<StringBuilder> texts) {
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      choices.add(new Choice(i, texts.get(i).toString(), draft.finishReason(i), null));
    }
    return choices;
  }
}
