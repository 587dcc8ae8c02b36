package dev.unmask.benchmarks;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of some work goes, by PyTorch operator: PyTorch's own profiler records it. Time is
 * an operator's own, without the operators that it calls. Engine thread only.
 *
 * @param operators by falling time
 * @param milliseconds of all operators
 */
record OperatorProfile(List<Operator> operators, double milliseconds) {

  private static final double MICROS = 1e3;

  /**
   * @param name as PyTorch calls it, such as {@code aten::addmm}
   * @param milliseconds of its own
   */
  record Operator(String name, long calls, double milliseconds) {}

  /** An event of the trace, in microseconds. */
  private record Event(String name, long thread, double start, double length) {
    double end() {
      return start + length;
    }
  }

  static OperatorProfile of(Runnable work) {
    try {
      Path file = Files.createTempFile("profile", ".json");
      try {
        JniUtils.startProfile(false, false, false);
        work.run();
        JniUtils.stopProfile(file.toString());
        return of(JsonParser.parseString(Files.readString(file)));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a trace in Chrome's format: an array of events, or an object that holds one. */
  static OperatorProfile of(JsonElement trace) {
    JsonArray array =
        trace.isJsonArray()
            ? trace.getAsJsonArray()
            : trace.getAsJsonObject().getAsJsonArray("traceEvents");
    Map<Long, List<Event>> byThread = new HashMap<>();
    for (JsonElement element : array) {
      JsonObject event = element.getAsJsonObject();
      if (event.has("dur") && event.has("ts")) {
        Event read =
            new Event(
                event.get("name").getAsString(),
                event.get("tid").getAsLong(),
                event.get("ts").getAsDouble(),
                event.get("dur").getAsDouble());
        byThread.computeIfAbsent(read.thread(), thread -> new ArrayList<>()).add(read);
      }
    }
    Map<String, double[]> own = new HashMap<>();
    byThread.values().forEach(events -> addOwnTimes(events, own));
    List<Operator> operators =
        own.entrySet().stream()
            .map(
                each ->
                    new Operator(
                        each.getKey(), (long) each.getValue()[0], each.getValue()[1] / MICROS))
            .sorted(Comparator.comparingDouble(Operator::milliseconds).reversed())
            .toList();
    return new OperatorProfile(
        operators, operators.stream().mapToDouble(Operator::milliseconds).sum());
  }

  /** Calls and own time by name: what a nested event takes is taken from the one around it. */
  private static void addOwnTimes(List<Event> events, Map<String, double[]> own) {
    events.sort(
        Comparator.comparingDouble(Event::start)
            .thenComparing(Comparator.comparingDouble(Event::length).reversed()));
    Deque<Event> open = new ArrayDeque<>();
    for (Event event : events) {
      while (!open.isEmpty() && open.peek().end() <= event.start()) {
        open.pop();
      }
      if (!open.isEmpty()) {
        own.computeIfAbsent(open.peek().name(), name -> new double[2])[1] -= event.length();
      }
      double[] sums = own.computeIfAbsent(event.name(), name -> new double[2]);
      sums[0]++;
      sums[1] += event.length();
      open.push(event);
    }
  }
}
