package dev.unmask.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of the Java client's to MLflow and the answer, as a proxy between them wrote it down.
 *
 * @param name what the client was asked to do, with a number from the second request on
 * @param body empty for none
 */
record RecordedCall(
    String name,
    String method,
    String path,
    String agent,
    String body,
    int status,
    JsonNode answer) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<RecordedCall> read(Path recording) {
    List<RecordedCall> calls = new ArrayList<>();
    String mark = "";
    int number = 0;
    try {
      for (String line : Files.readAllLines(recording)) {
        JsonNode entry = JSON.readTree(line);
        if (entry.has("mark")) {
          mark = entry.path("mark").asText().replaceFirst("^J ", "");
          number = 0;
        } else {
          number++;
          calls.add(of(number == 1 ? mark : mark + " " + number, entry));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return calls;
  }

  private static RecordedCall of(String name, JsonNode entry) throws JsonProcessingException {
    JsonNode headers = entry.path("h");
    String body = entry.path("b").asText();
    int length = headers.path("Content-Length").asInt(body.length());
    String answer = entry.path("rb").asText();
    int answerLength = entry.path("rh").path("content-length").asInt();
    return new RecordedCall(
        name,
        entry.path("m").asText(),
        entry.path("p").asText(),
        headers.path("User-Agent").asText(),
        Cut.REQUEST.whole(body, length),
        entry.path("s").asInt(),
        JSON.readTree(Cut.ANSWER.whole(answer, answerLength)));
  }

  /**
   * The recording keeps 6,000 characters of a body. What is longer are points of one metric that
   * count on, so the rest is known: the result has to begin as recorded and to be as long as the
   * header said.
   */
  private enum Cut {
    REQUEST(
        """
        %s{
            "key": "big",
            "value": %d.0,
            "timestamp": "%d",
            "step": "%d"
          }\
        """,
        ", ", "]\n}"),
    ANSWER(
        """
        %s
            {
              "key": "big",
              "value": %d.0,
              "timestamp": %d,
              "step": %d
            }\
        """,
        ",",
        // The token is what the next request has.
        "\n  ],\n  \"next_page_token\": \"eyJvZmZzZXQiOiAyNTAwMH0=\"\n}");

    private static final String POINTS = "\"metrics\": [";
    private static final Pattern FIRST = Pattern.compile("\"timestamp\": \"?(\\d+)");

    private final String point;
    private final String separator;
    private final String end;

    Cut(String point, String separator, String end) {
      this.point = point;
      this.separator = separator;
      this.end = end;
    }

    String whole(String kept, int length) {
      if (kept.length() == length) {
        return kept;
      }
      Matcher first = FIRST.matcher(kept);
      if (!first.find()) {
        throw new AssertionError("cut, and no points: " + kept);
      }
      int start = Integer.parseInt(first.group(1));
      IntFunction<String> next = i -> point.formatted(i == start ? "" : separator, i % 1_000, i, i);
      StringBuilder whole =
          new StringBuilder(kept.substring(0, kept.indexOf(POINTS) + POINTS.length()));
      for (int i = start; whole.length() + end.length() < length; i++) {
        whole.append(next.apply(i));
      }
      whole.append(end);
      if (whole.length() != length || !whole.toString().startsWith(kept)) {
        throw new AssertionError("not the points that were expected: " + kept);
      }
      return whole.toString();
    }
  }
}
