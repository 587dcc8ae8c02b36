package dev.unmask.lm.chat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.unmask.lm.jinja.JinjaException;
import dev.unmask.lm.jinja.JinjaTemplate;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model wants a conversation written: the {@code chat_template} of its {@code
 * tokenizer_config.json}, or {@code chat_template.jinja} beside it. Templates come from strangers
 * and are rendered by {@link JinjaTemplate}, which gives them values and nothing else.
 */
public final class ChatTemplate {

  private static final String CONFIG = "tokenizer_config.json";
  private static final String SEPARATE = "chat_template.jinja";
  private static final long LARGEST_CONFIG = 16L << 20;
  private static final List<String> SPECIAL =
      List.of("bos_token", "eos_token", "pad_token", "unk_token", "mask_token");

  /** A code point that is no character and may not occur in text (Unicode 23.7). */
  private static final char MARK = '\uFDD0';

  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;

  private ChatTemplate(JinjaTemplate template, Map<String, String> specialTokens) {
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * The template of a model directory, empty where the model has none.
   *
   * @throws ChatTemplateException if the template is there and cannot be used
   */
  public static Optional<ChatTemplate> of(Path modelDirectory) {
    try {
      JsonObject config = config(modelDirectory.resolve(CONFIG));
      Path separate = modelDirectory.resolve(SEPARATE);
      String source = Files.exists(separate) ? read(separate) : source(config.get("chat_template"));
      return source == null
          ? Optional.empty()
          : Optional.of(new ChatTemplate(JinjaTemplate.parse(source), specialTokens(config)));
    } catch (JinjaException | JsonParseException | IllegalStateException | StackOverflowError e) {
      throw new ChatTemplateException(modelDirectory + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ChatTemplateException(modelDirectory + ": cannot be read", e);
    }
  }

  /**
   * Copies the template of a model directory, and the names of special tokens that it uses, to a
   * model trained on from it. Nothing where the model has none.
   *
   * @throws java.io.UncheckedIOException if a file cannot be copied
   */
  public static void copy(Path fromModel, Path toModel) {
    for (String name : List.of(CONFIG, SEPARATE)) {
      try {
        if (Files.exists(fromModel.resolve(name))) {
          Files.copy(
              fromModel.resolve(name), toModel.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot copy " + fromModel.resolve(name), e);
      }
    }
  }

  private static JsonObject config(Path file) throws IOException {
    return Files.exists(file)
        ? JsonParser.parseString(read(file)).getAsJsonObject()
        : new JsonObject();
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > LARGEST_CONFIG) {
      throw new IOException(file + " must have at most " + LARGEST_CONFIG + " bytes");
    }
    return Files.readString(file);
  }

  /** One template, or several with names of which {@code default} is meant. */
  private static @Nullable String source(@Nullable JsonElement written) {
    if (written instanceof JsonArray named) {
      return named.asList().stream()
          .map(JsonElement::getAsJsonObject)
          .filter(one -> string(one.get("name")).equals("default"))
          .map(one -> string(one.get("template")))
          .findFirst()
          .orElse(null);
    }
    return written == null || written.isJsonNull() ? null : string(written);
  }

  private static String string(@Nullable JsonElement value) {
    if (value instanceof JsonPrimitive primitive && primitive.isString()) {
      return primitive.getAsString();
    }
    throw new JsonParseException("chat_template must be a string or a list with names");
  }

  private static Map<String, String> specialTokens(JsonObject config) {
    Map<String, String> tokens = new HashMap<>();
    for (String name : SPECIAL) {
      JsonElement token = config.get(name);
      JsonElement content = token instanceof JsonObject object ? object.get("content") : token;
      if (content != null && content.isJsonPrimitive()) {
        tokens.put(name, content.getAsString());
      }
    }
    return tokens;
  }

  /**
   * The conversation as one text.
   *
   * @param addGenerationPrompt whether the text ends where the assistant's answer begins
   * @throws ChatTemplateException if the template does not accept the conversation
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", messages.stream().map(ChatTemplate::fields).toList());
    variables.put("add_generation_prompt", addGenerationPrompt);
    try {
      return template.render(variables);
    } catch (JinjaException e) {
      throw new ChatTemplateException("chat template: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> fields(ChatMessage message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", message.role());
    fields.put("content", message.content());
    return fields;
  }

  /**
   * The prompt of an answer to a conversation: the template's special tokens in place, and the name
   * of one inside a message kept as the ordinary text it is, so that a message cannot end its turn
   * or speak for another role.
   *
   * @throws ChatTemplateException if the template does not accept the conversation
   */
  public int[] prompt(Tokenizer tokenizer, List<ChatMessage> messages) {
    return encode(tokenizer, render(marked(messages, tokenizer), true));
  }

  /**
   * The answer that ends a conversation, with the tokens by which the template ends its turn: what
   * follows {@link #prompt} of the messages before it. A template that writes earlier answers
   * otherwise than it asks for new ones gives the answer alone.
   *
   * @param messages two at least, the last is the answer
   * @throws ChatTemplateException if the template does not accept the conversation
   */
  public int[] answer(Tokenizer tokenizer, List<ChatMessage> messages) {
    List<ChatMessage> marked = marked(messages, tokenizer);
    String prompt = render(marked.subList(0, marked.size() - 1), true);
    String whole = render(marked, false);
    return encode(
        tokenizer,
        whole.startsWith(prompt) ? whole.substring(prompt.length()) : marked.getLast().content());
  }

  /** The text in parts: no special token reaches over a mark. */
  private static int[] encode(Tokenizer tokenizer, String marked) {
    return Arrays.stream(marked.split(String.valueOf(MARK)))
        .map(tokenizer::encodeWithSpecialTokens)
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  private static List<ChatMessage> marked(List<ChatMessage> messages, Tokenizer tokenizer) {
    return messages.stream()
        .map(message -> new ChatMessage(message.role(), marked(message.content(), tokenizer)))
        .toList();
  }

  /** Puts a mark into every name of a special token, where the prompt is then encoded in parts. */
  private static String marked(String content, Tokenizer tokenizer) {
    String marked = content.replace(String.valueOf(MARK), "");
    for (String name : tokenizer.specialTokens()) {
      int half = name.offsetByCodePoints(0, 1);
      marked = marked.replace(name, name.substring(0, half) + MARK + name.substring(half));
    }
    return marked;
  }

  /**
   * The prompt as the published code makes it: the name of a special token inside a message becomes
   * that token too.
   */
  public int[] promptAsPublished(Tokenizer tokenizer, List<ChatMessage> messages) {
    return tokenizer.encodeWithSpecialTokens(render(messages, true));
  }
}
