package dev.unmask.inference.openai;

import dev.unmask.inference.generation.GenerationSpec;
import dev.unmask.inference.generation.Prompt;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a completion request. Fields that would change what the answer means and are not supported
 * are refused; other unknown fields are ignored, as OpenAI's clients expect.
 */
@Component
class CompletionRequestReader {
  private static final int MAX_PROMPTS = 32;
  private static final int MAX_SAMPLES = 4;
  private static final int MAX_STOPS = 4;
  private static final int MAX_STOP_LENGTH = 256;
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  CompletionRequest read(JsonNode body) {
    BodyFields fields = new BodyFields(body.isObject() ? body : NOTHING, "");
    if (!body.isObject()) {
      throw fields.invalid("body", "must be a JSON object");
    }
    String model = fields.text("model");
    if (model == null || model.isBlank()) {
      throw fields.invalid("model", "is required");
    }
    refuseUnsupported(fields);
    boolean stream = isTrue(fields.flag("stream"));
    BodyFields options = streamOptions(fields, stream);
    return new CompletionRequest(
        model,
        spec(fields),
        isTrue(fields.flag("echo")),
        stream,
        isTrue(options.flag("include_usage")),
        isTrue(options.flag("include_denoising")));
  }

  private static GenerationSpec spec(BodyFields fields) {
    List<Prompt> prompts = prompts(fields);
    Integer samples = fields.small("n", 1, MAX_SAMPLES);
    String suffix = fields.text("suffix");
    return new GenerationSpec(
        prompts,
        samples == null ? 1 : samples,
        suffix == null ? "" : suffix,
        DiffusionFields.read(fields, fields.nested("diffusion", NOTHING)),
        stops(fields),
        isTrue(fields.flag("ignore_eos")));
  }

  private static BodyFields streamOptions(BodyFields fields, boolean stream) {
    if (fields.has("stream_options") && !stream) {
      throw fields.invalid("stream_options", "needs \"stream\": true");
    }
    return fields.nested("stream_options", NOTHING);
  }

  private static List<Prompt> prompts(BodyFields fields) {
    JsonNode prompt = fields.get("prompt");
    if (prompt == null) {
      throw fields.invalid("prompt", "is required");
    }
    if (prompt.isString()) {
      return List.of(new Prompt.Text(prompt.stringValue()));
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw malformedPrompt(fields);
    }
    if (prompt.get(0).isNumber()) {
      return List.of(tokens(fields, prompt));
    }
    if (prompt.size() > MAX_PROMPTS) {
      throw fields.invalid(
          "prompt", "may hold at most %d prompts, held %d".formatted(MAX_PROMPTS, prompt.size()));
    }
    List<Prompt> prompts = new ArrayList<>();
    for (JsonNode element : prompt) {
      prompts.add(
          element.isString() ? new Prompt.Text(element.stringValue()) : tokens(fields, element));
    }
    return prompts;
  }

  private static Prompt tokens(BodyFields fields, JsonNode array) {
    if (!array.isArray()) {
      throw malformedPrompt(fields);
    }
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!array.get(i).isIntegralNumber() || !array.get(i).canConvertToInt()) {
        throw malformedPrompt(fields);
      }
      ids[i] = array.get(i).intValue();
    }
    return new Prompt.Tokens(ids);
  }

  private static UnmaskException malformedPrompt(BodyFields fields) {
    return fields.invalid(
        "prompt", "must be a string, an array of strings, token ids, or an array of token ids");
  }

  private static List<String> stops(BodyFields fields) {
    JsonNode stop = fields.get("stop");
    if (stop == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : stop.isArray() ? stop : List.of(stop)) {
      if (!text.isString()
          || text.stringValue().isEmpty()
          || text.stringValue().length() > MAX_STOP_LENGTH) {
        throw fields.invalid(
            "stop", "must hold strings of 1 to " + MAX_STOP_LENGTH + " characters");
      }
      texts.add(text.stringValue());
    }
    if (texts.size() > MAX_STOPS) {
      throw fields.invalid("stop", "may hold at most " + MAX_STOPS + " strings");
    }
    return texts;
  }

  private static void refuseUnsupported(BodyFields fields) {
    for (String name : List.of("logprobs", "tools", "functions", "messages", "logit_bias")) {
      JsonNode value = fields.get(name);
      boolean empty = value != null && value.isContainer() && value.isEmpty();
      boolean off = value != null && value.isBoolean() && !value.booleanValue();
      if (value != null && !empty && !off) {
        throw fields.unsupported(name, "is not supported by this endpoint");
      }
    }
    for (String name : List.of("presence_penalty", "frequency_penalty")) {
      Double penalty = fields.number(name, -2, false, 2);
      if (penalty != null && penalty != 0) {
        throw fields.unsupported(name, "is not supported, leave it out or send 0");
      }
    }
    JsonNode format = fields.get("response_format");
    if (format != null && !"text".equals(format.path("type").asString(""))) {
      throw fields.unsupported("response_format", "supports only {\"type\": \"text\"}");
    }
    Integer bestOf = fields.small("best_of", 1, 20);
    if (bestOf != null && bestOf > 1) {
      throw fields.unsupported("best_of", "is not supported, use n");
    }
  }

  private static boolean isTrue(@Nullable Boolean flag) {
    return flag != null && flag;
  }
}
