package dev.unmask.inference.openai;

import dev.unmask.inference.generation.GenerationEvent;
import dev.unmask.inference.generation.RunningGeneration;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.RequestId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes one answer as server-sent events on a thread of its own. When the client goes away, a
 * write fails or the container says so, whichever comes first; either stops the computation. A
 * comment line is written while there is nothing to say, because only a write shows that the client
 * is gone.
 */
final class CompletionStream {
  private static final Logger log = LoggerFactory.getLogger(CompletionStream.class);
  private static final MediaType EVENTS =
      new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

  private final ResponseBodyEmitter emitter = new ResponseBodyEmitter(0L);
  private final CompletionDraft draft;
  private final CompletionRequest request;
  private final RunningGeneration generation;
  private final List<String> echoes;
  private final JsonMapper json;
  private final Duration heartbeat;

  /**
   * @param echoes what each choice begins with; empty texts when nothing is echoed
   */
  CompletionStream(
      CompletionDraft draft,
      CompletionRequest request,
      RunningGeneration generation,
      List<String> echoes,
      JsonMapper json,
      Duration heartbeat) {
    this.draft = draft;
    this.request = request;
    this.generation = generation;
    this.echoes = echoes;
    this.json = json;
    this.heartbeat = heartbeat;
  }

  ResponseBodyEmitter start() {
    emitter.onCompletion(generation::cancel);
    emitter.onTimeout(generation::cancel);
    emitter.onError(gone -> generation.cancel());
    String requestId = RequestId.current();
    Thread.ofVirtual().name("unmask-stream").start(() -> run(requestId));
    return emitter;
  }

  private void run(@Nullable String requestId) {
    try (var id = MDC.putCloseable(RequestId.MDC_KEY, requestId)) {
      write();
      emitter.complete();
    } catch (IOException | IllegalStateException gone) {
      log.debug("the client went away: {}", gone.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      log.error("a stream failed", failure);
      emitter.completeWithError(failure);
    } finally {
      generation.cancel();
    }
  }

  private void write() throws IOException, InterruptedException {
    for (int choice = 0; choice < echoes.size(); choice++) {
      delta(choice, echoes.get(choice));
    }
    while (!draft.isComplete()) {
      switch (generation.next(heartbeat)) {
        case null -> emitter.send(": ping\n\n", EVENTS);
        case GenerationEvent.Denoised step -> {
          if (request.includeDenoising()) {
            event(draft.denoising(step));
          }
          delta(step.choice(), step.text());
        }
        case GenerationEvent.Finished finished -> {
          draft.complete(finished);
          event(draft.last(finished.choice()));
        }
        case GenerationEvent.Failed(int choice, UnmaskException reason) -> {
          event(OpenAiError.of(reason));
          return;
        }
      }
    }
    if (request.includeUsage()) {
      event(draft.usageChunk());
    }
    emitter.send("data: [DONE]\n\n", EVENTS);
  }

  private void delta(int choice, String text) throws IOException {
    if (!text.isEmpty()) {
      event(draft.delta(choice, text));
    }
  }

  private void event(Object data) throws IOException {
    emitter.send("data: " + json.writeValueAsString(data) + "\n\n", EVENTS);
  }
}
