package dev.unmask.registry.run;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.SqlConditions;
import java.util.Locale;

/** Comparisons of the data sets that a run read; any of them may match each comparison. */
final class DatasetConditions {

  private DatasetConditions() {}

  static void add(SqlConditions where, Comparison comparison) {
    String test = SqlConditions.textTest(comparison);
    Object value = SqlConditions.textValue(comparison);
    switch (comparison.identifier().key().toLowerCase(Locale.ROOT)) {
      case "name" -> where.and(ofDataset("d.name " + test), value);
      case "digest" -> where.and(ofDataset("d.digest " + test), value);
      case "context" ->
          where.and(
              "EXISTS (SELECT 1 FROM run_input_tags t WHERE t.run_uid = r.uid"
                  + " AND t.key = 'mlflow.data.context' AND t.value "
                  + test
                  + ")",
              value);
      default ->
          throw new InvalidQueryException(
              "Invalid dataset key '"
                  + comparison.identifier().key()
                  + "': valid are name, digest and context");
    }
  }

  private static String ofDataset(String test) {
    return "EXISTS (SELECT 1 FROM run_inputs i JOIN datasets d ON d.uid = i.dataset_uid"
        + " WHERE i.run_uid = r.uid AND "
        + test
        + ")";
  }
}
