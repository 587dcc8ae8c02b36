package dev.unmask.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * One measured value, printed as one line of JSON.
 *
 * @param benchmark name of the benchmark
 * @param name what was measured, printed as {@code case}
 * @param value NaN where nothing could be measured, printed as null
 * @param unit of the value
 * @param goal value that is good enough; null where none is set
 * @param atMost whether good values are small, up to the goal
 * @param details further fields of the line
 */
public record Result(
    String benchmark,
    String name,
    double value,
    String unit,
    @Nullable Double goal,
    boolean atMost,
    JsonObject details) {

  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private static final MathContext FOUR_DIGITS = new MathContext(4);

  public static Result of(String benchmark, String name, double value, String unit) {
    return new Result(benchmark, name, value, unit, null, false, new JsonObject());
  }

  public Result withGoal(double smallest) {
    return new Result(benchmark, name, value, unit, smallest, false, details);
  }

  public Result withLimit(double largest) {
    return new Result(benchmark, name, value, unit, largest, true, details);
  }

  public Result with(String field, Number number) {
    JsonObject more = details.deepCopy();
    more.addProperty(field, number instanceof Double fraction ? rounded(fraction) : number);
    return new Result(benchmark, name, value, unit, goal, atMost, more);
  }

  public Result with(String field, String text) {
    JsonObject more = details.deepCopy();
    more.addProperty(field, text);
    return new Result(benchmark, name, value, unit, goal, atMost, more);
  }

  /** How many times it was measured and between which values. */
  public Result with(Samples samples) {
    return with("repeats", samples.count())
        .with("lowest", samples.lowest())
        .with("highest", samples.highest());
  }

  /** One line: benchmark, case, value, unit, goal, met, then the details. */
  public String json() {
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", benchmark);
    line.addProperty("case", name);
    line.addProperty("value", Double.isNaN(value) ? null : Double.valueOf(rounded(value)));
    line.addProperty("unit", unit);
    line.addProperty("goal", goal);
    line.addProperty("met", goal == null ? null : Boolean.valueOf(met(goal)));
    details.asMap().forEach(line::add);
    return GSON.toJson(line);
  }

  private boolean met(double target) {
    return atMost ? value <= target : value >= target;
  }

  /** Four significant digits of what was measured, more would be noise; counts stay as they are. */
  private static double rounded(double value) {
    return Double.isFinite(value) && value != Math.rint(value)
        ? new BigDecimal(value).round(FOUR_DIGITS).doubleValue()
        : value;
  }
}
