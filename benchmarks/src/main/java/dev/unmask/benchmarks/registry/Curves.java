package dev.unmask.benchmarks.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** Requests of curves, and what must be true of their answers. */
final class Curves {
  private static final String PATH = "/api/v1/registry/series";
  private static final int NOT_FOUND = 404;

  private Curves() {}

  /**
   * Curves of the seeded metric over all steps.
   *
   * @param points of a curve, at most
   * @throws RouteMissing if the registry has no such route
   */
  static Reply read(RegistryClient client, List<String> runIds, int points) {
    JsonObject request = new JsonObject();
    JsonArray runs = new JsonArray();
    runIds.forEach(runs::add);
    JsonArray keys = new JsonArray();
    keys.add(Seed.SERIES_KEY);
    request.add("runs", runs);
    request.add("keys", keys);
    request.addProperty("x", "step");
    request.addProperty("points", points);
    Reply reply = client.post(PATH, request.toString());
    if (reply.status() == NOT_FOUND) {
      throw new RouteMissing(PATH);
    }
    return reply;
  }

  /** What an answer tells of all its curves together. */
  record Summary(int curves, long count, int places, double min, double max) {}

  static Summary summary(Reply reply) {
    int places = 0;
    long count = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    JsonArray series = reply.json().getAsJsonArray("series");
    for (JsonElement element : series) {
      JsonObject curve = element.getAsJsonObject();
      boolean inBuckets = curve.has("buckets");
      count += curve.get("count").getAsLong();
      JsonArray shown = curve.getAsJsonArray(inBuckets ? "buckets" : "points");
      places += shown.size();
      for (JsonElement place : shown) {
        min = Math.min(min, value(inBuckets ? point(place, "min") : place));
        max = Math.max(max, value(inBuckets ? point(place, "max") : place));
      }
    }
    return new Summary(series.size(), count, places, min, max);
  }

  private static JsonElement point(JsonElement bucket, String name) {
    return bucket.getAsJsonObject().get(name);
  }

  private static double value(JsonElement point) {
    return point.getAsJsonArray().get(1).getAsDouble();
  }
}
