package dev.unmask.registry.mlflow;

import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the metrics of a log-batch call while they are parsed. It takes what clients send; anything
 * unusual is left to {@link LoggedFields}, which knows what may be tolerated and what to say.
 */
final class BatchParser {
  private final JsonMapper json;

  BatchParser(JsonMapper json) {
    this.json = json;
  }

  /** Empty where the body is better read as a tree. */
  Optional<BatchRequest> parse(byte[] body) {
    try (JsonParser parser = json.createParser(body)) {
      return Optional.of(batch(parser));
    } catch (JacksonException | UnmaskException | NumberFormatException | Unusual better) {
      return Optional.empty();
    }
  }

  private BatchRequest batch(JsonParser parser) {
    expect(parser.nextToken() == JsonToken.START_OBJECT);
    ObjectNode fields = json.createObjectNode();
    List<MetricPoint> metrics = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("metrics")) {
        expect(metrics == null && value == JsonToken.START_ARRAY);
        metrics = metrics(parser);
      } else {
        // Not the mapper's own, which takes the rest of the body for trailing tokens.
        fields.set(name, parser.<JsonNode>readValueAsTree());
      }
    }
    expect(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
    return new BatchRequest(new MlflowRequest(fields), metrics == null ? List.of() : metrics);
  }

  private static List<MetricPoint> metrics(JsonParser parser) {
    // The same key a hundred times is checked once, and kept once.
    Map<String, String> keys = new HashMap<>();
    List<MetricPoint> metrics = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      metrics.add(metric(parser, keys));
      expect(metrics.size() <= LoggedFields.METRICS);
    }
    expect(parser.currentToken() == JsonToken.END_ARRAY);
    return metrics;
  }

  private static MetricPoint metric(JsonParser parser, Map<String, String> keys) {
    String key = "";
    double value = 0;
    long timestamp = -1;
    long step = 0;
    boolean hasValue = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (name) {
        case "key" -> {
          expect(token == JsonToken.VALUE_STRING);
          key = keys.computeIfAbsent(parser.getString(), BatchParser::checked);
        }
        case "value" -> {
          value = decimal(parser, token);
          hasValue = true;
        }
        case "timestamp" -> timestamp = integer(parser, token);
        case "step" -> step = integer(parser, token);
        case "model_id" -> expect(token == JsonToken.VALUE_NULL);
        default -> parser.skipChildren();
      }
    }
    expect(parser.currentToken() == JsonToken.END_OBJECT);
    expect(hasValue && timestamp >= 0 && !key.isEmpty());
    return new MetricPoint(key, value, timestamp, step);
  }

  private static String checked(String key) {
    expect(key.indexOf('\0') < 0);
    return TagRules.key("key", key);
  }

  private static double decimal(JsonParser parser, JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> parser.getDoubleValue();
      case VALUE_STRING ->
          switch (parser.getString()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new Unusual();
          };
      default -> throw new Unusual();
    };
  }

  private static long integer(JsonParser parser, JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_STRING -> Long.parseLong(parser.getString());
      default -> throw new Unusual();
    };
  }

  private static void expect(boolean usual) {
    if (!usual) {
      throw new Unusual();
    }
  }

  /** Not a failure: another reader takes the body. */
  private static final class Unusual extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusual() {
      super(null, null, false, false);
    }
  }
}
