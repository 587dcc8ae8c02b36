package dev.unmask.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unmask.system.Counterparts.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Compares answers by value, ids and times of the servers' clocks by their counterparts. */
final class RecordedComparison {
  private static final String ABSENT = "absent";

  /** By the server's clock; all other times are the client's, and come back as they were sent. */
  private static final Set<String> SERVER_TIMES =
      Set.of("creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp");

  private static final Set<String> ADDRESSES =
      Set.of("artifact_location", "artifact_uri", "source");
  private static final Pattern GENERATED_NAME = Pattern.compile("[a-z]+-[a-z]+-\\d+");

  private final Counterparts counterparts;

  RecordedComparison(Counterparts counterparts) {
    this.counterparts = counterparts;
  }

  /**
   * @param at JSON pointer; entries of a run's data by their keys
   * @param ours what is there now, as JSON, or "absent"
   */
  record Difference(String at, String recorded, String ours) {}

  List<Difference> differences(JsonNode recorded, JsonNode ours) {
    List<Difference> found = new ArrayList<>();
    compare("", "", recorded, ours, found);
    return found;
  }

  private void compare(
      String at, String field, JsonNode recorded, JsonNode ours, List<Difference> found) {
    if (recorded.isObject() && ours.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      recorded.fieldNames().forEachRemaining(names::add);
      ours.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(at + "/" + name, name, recorded.path(name), ours.path(name), found);
      }
    } else if (recorded.isArray() && ours.isArray() && hasNoOrder(at)) {
      compare(at, field, byKey(recorded), byKey(ours), found);
    } else if (recorded.isArray() && ours.isArray()) {
      for (int i = 0; i < Math.max(recorded.size(), ours.size()); i++) {
        compare(at + "/" + i, field, recorded.path(i), ours.path(i), found);
      }
    } else if (!matches(at, field, recorded, ours)) {
      found.add(new Difference(at, text(recorded), text(ours)));
    }
  }

  /**
   * A run has its latest metrics, params and tags, and experiments and models their tags, as a map.
   */
  private static boolean hasNoOrder(String at) {
    return at.endsWith("/data/metrics") || at.endsWith("/params") || at.endsWith("/tags");
  }

  private static ObjectNode byKey(JsonNode entries) {
    ObjectNode keyed = JsonNodeFactory.instance.objectNode();
    for (JsonNode entry : entries) {
      if (keyed.replace(entry.path("key").asText(), entry) != null) {
        throw new AssertionError("twice the same key: " + entries);
      }
    }
    return keyed;
  }

  private boolean matches(String at, String field, JsonNode recorded, JsonNode ours) {
    if (recorded.getNodeType() != ours.getNodeType()) {
      return false;
    }
    if (SERVER_TIMES.contains(field)) {
      return counterparts.matchTimes(recorded.asLong(), ours.asLong());
    }
    String before = recorded.asText();
    String now = ours.asText();
    if (ADDRESSES.contains(field)) {
      return matchAddresses(before, now);
    }
    boolean runName = field.equals("run_name") || at.endsWith("/mlflow.runName/value");
    if (runName && GENERATED_NAME.matcher(before).matches()) {
      return counterparts.match(Kind.RUN_NAME, before, now);
    }
    return switch (field) {
      case "run_id", "run_uuid" -> counterparts.match(Kind.RUN, before, now);
      case "experiment_id" -> counterparts.match(Kind.EXPERIMENT, before, now);
      case "next_page_token" -> counterparts.match(Kind.PAGE_TOKEN, before, now);
      default -> recorded.equals(ours);
    };
  }

  /** {@code mlflow-artifacts:/<experiment>[/<run>/artifacts[/<path>]]}. */
  private boolean matchAddresses(String before, String now) {
    String[] recorded = before.split("/");
    String[] ours = now.split("/");
    boolean same = recorded.length == ours.length;
    for (int i = 0; same && i < ours.length; i++) {
      same =
          switch (i) {
            case 1 -> counterparts.match(Kind.EXPERIMENT, recorded[i], ours[i]);
            case 2 -> counterparts.match(Kind.RUN, recorded[i], ours[i]);
            default -> recorded[i].equals(ours[i]);
          };
    }
    return same;
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() ? ABSENT : node.toString();
  }
}
