package dev.unmask.lm.corpus;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.unmask.lm.corpus.Example.Conversation;
import dev.unmask.lm.corpus.Example.Pair;
import dev.unmask.lm.corpus.Example.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads prompts and answers, a line of JSON after the other. */
final class ExampleReader {
  private static final int LONGEST_LINE = 16 << 20;
  private static final SeparatedText.Form LINES =
      new SeparatedText.Form(
          '\n', LONGEST_LINE, "a line has more than %d bytes".formatted(LONGEST_LINE));
  private static final String MESSAGES = "messages";
  private static final String PROMPT = "prompt";
  private static final String ANSWER = "answer";

  private final Consumer<Example> examples;
  private long line;
  private long count;
  private @Nullable String kind;

  private ExampleReader(Consumer<Example> examples) {
    this.examples = examples;
  }

  static AnswerCorpus.Summary read(InputStream input, Consumer<Example> examples)
      throws IOException {
    ExampleReader reader = new ExampleReader(examples);
    SeparatedText.read(input, LINES, reader::accept);
    if (reader.count == 0) {
      throw InvalidCorpusException.empty();
    }
    return new AnswerCorpus.Summary(reader.count, MESSAGES.equals(reader.kind));
  }

  private void accept(String piece) {
    String text = line == 0 ? SeparatedText.withoutByteOrderMark(piece) : piece;
    line++;
    if (!text.isBlank()) {
      JsonObject object = parse(text);
      boolean chat = object.has(MESSAGES);
      requireOneKind(object, chat ? MESSAGES : PROMPT);
      examples.accept(chat ? conversation(object) : pair(object));
      count++;
    }
  }

  private JsonObject parse(String text) {
    JsonReader json = new JsonReader(new StringReader(text));
    json.setStrictness(Strictness.STRICT);
    try {
      JsonElement value = JsonParser.parseReader(json);
      if (value instanceof JsonObject object && json.peek() == JsonToken.END_DOCUMENT) {
        return object;
      }
    } catch (JsonParseException | IOException | StackOverflowError notJson) {
      throw fault("", "must be one JSON object");
    }
    throw fault("", "must be one JSON object");
  }

  private void requireOneKind(JsonObject object, String found) {
    if (found.equals(MESSAGES) && (object.has(PROMPT) || object.has(ANSWER))) {
      throw fault(MESSAGES, "cannot stand beside prompt and answer: leave one out");
    }
    if (kind != null && !kind.equals(found)) {
      throw fault(
          found, "is not what the lines before have (" + kind + "): put one kind into a file");
    }
    kind = found;
  }

  private Pair pair(JsonObject object) {
    return new Pair(text(object, PROMPT, PROMPT), text(object, ANSWER, ANSWER));
  }

  private Conversation conversation(JsonObject object) {
    if (!(object.get(MESSAGES) instanceof JsonArray written) || written.size() < 2) {
      throw fault(MESSAGES, "must be a list of two messages at least");
    }
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String at = MESSAGES + "[" + i + "]";
      if (!(written.get(i) instanceof JsonObject message)) {
        throw fault(at, "must be an object with role and content");
      }
      turns.add(
          new Turn(text(message, "role", at + ".role"), text(message, "content", at + ".content")));
    }
    if (turns.getFirst().isAnswer()) {
      throw fault(MESSAGES + "[0].role", "must not be assistant: nothing was asked yet");
    }
    if (!turns.getLast().isAnswer()) {
      throw fault(
          MESSAGES + "[" + (turns.size() - 1) + "].role",
          "must be assistant: the last message is the answer to learn");
    }
    return new Conversation(turns);
  }

  private String text(JsonObject object, String field, String at) {
    JsonElement value = object.get(field);
    if (value == null) {
      throw fault(at, "is missing");
    }
    if (!(value instanceof JsonPrimitive text) || !text.isString()) {
      throw fault(at, "must be a string");
    }
    if (text.getAsString().isBlank()) {
      throw fault(at, "must hold more than white space");
    }
    return text.getAsString();
  }

  private InvalidCorpusException fault(String field, String problem) {
    return InvalidCorpusException.ofLine(line, field, problem);
  }
}
