package dev.unmask.local.demo;

import dev.unmask.local.client.GatewayClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Completions over OpenAI's protocol, streamed. */
final class CompletionClient {
  private static final double NANOS = 1e9;

  private final GatewayClient gateway;
  private final String model;
  private final OptionalDouble temperature;

  CompletionClient(GatewayClient gateway, String model, OptionalDouble temperature) {
    this.gateway = gateway;
    this.temperature = temperature;
    this.model = model;
  }

  /**
   * @param suffix text behind the gap; empty for a completion
   * @param diffusion decode settings in place of the deployment's; may be empty
   * @param wholeLength go on behind an end of text, so that every answer has {@code maxTokens}
   */
  record Request(
      String prompt,
      Optional<String> suffix,
      int maxTokens,
      Map<String, Object> diffusion,
      boolean wholeLength) {
    static Request completion(String prompt, int maxTokens) {
      return new Request(prompt, Optional.empty(), maxTokens, Map.of(), false);
    }

    static Request infilling(String before, String after, int maxTokens) {
      return new Request(before, Optional.of(after), maxTokens, Map.of(), false);
    }

    /** For comparisons: exactly so many tokens, whatever they say. */
    static Request exactly(int tokens, String prompt, Map<String, Object> diffusion) {
      return new Request(prompt, Optional.empty(), tokens, diffusion, true);
    }
  }

  /** Generates and hands every committed piece on as it arrives. */
  Generation stream(Request request, Consumer<String> piece) {
    StringBuilder text = new StringBuilder();
    JsonNode usage = MissingNode.getInstance();
    long begin = System.nanoTime();
    try (Stream<JsonNode> chunks = gateway.postEvents("/v1/completions", body(request))) {
      for (JsonNode chunk : (Iterable<JsonNode>) chunks::iterator) {
        refuse(chunk.path("error"));
        String delta = chunk.at("/choices/0/text").asString("");
        text.append(delta);
        piece.accept(delta);
        usage = chunk.path("usage").isObject() ? chunk.path("usage") : usage;
      }
    }
    double seconds = (System.nanoTime() - begin) / NANOS;
    return Generation.of(request.prompt(), text.toString(), usage, seconds);
  }

  /**
   * Generates without streaming: for timing the decoding itself. On few cores the events of a
   * stream take a fast decoder's time, while a slow one hides them.
   */
  Generation generate(Request request) {
    Map<String, Object> body = body(request);
    body.put("stream", false);
    body.remove("stream_options");
    long begin = System.nanoTime();
    JsonNode answer = gateway.post("/v1/completions", body, JsonNode.class);
    double seconds = (System.nanoTime() - begin) / NANOS;
    String text = answer.at("/choices/0/text").asString("");
    return Generation.of(request.prompt(), text, answer.path("usage"), seconds);
  }

  private Map<String, Object> body(Request request) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", model);
    body.put("prompt", request.prompt());
    request.suffix().ifPresent(suffix -> body.put("suffix", suffix));
    body.put("max_tokens", request.maxTokens());
    temperature.ifPresent(value -> body.put("temperature", value));
    body.put("seed", Recipe.SEED);
    body.put("stream", true);
    body.put("stream_options", Map.of("include_usage", true));
    if (request.wholeLength()) {
      body.put("ignore_eos", true);
    }
    if (!request.diffusion().isEmpty()) {
      body.put("diffusion", request.diffusion());
    }
    return body;
  }

  private static void refuse(JsonNode error) {
    if (error.isObject()) {
      throw new DemoFailure("the stream ended: " + error.path("message").asString("no message"));
    }
  }
}
