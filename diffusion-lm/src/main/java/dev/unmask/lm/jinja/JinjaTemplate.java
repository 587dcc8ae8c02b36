package dev.unmask.lm.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template; may be rendered by several threads at once. Rendering ends after a bounded
 * amount of work whatever the template says, and works on values only.
 */
public final class JinjaTemplate {

  /** Published chat templates have up to about 20,000 characters. */
  public static final int LONGEST_SOURCE = 1 << 18;

  public static final int LONGEST_OUTPUT = 1 << 23;

  /** About a second. */
  private static final long MOST_WORK = 10_000_000;

  private final List<Node> nodes;

  private JinjaTemplate(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * @throws JinjaException if the source is too long, faulty or uses what is not supported
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > LONGEST_SOURCE) {
      throw new JinjaException(
          "a template must have at most %d characters, had %d"
              .formatted(LONGEST_SOURCE, source.length()));
    }
    try {
      return new JinjaTemplate(Parser.parse(source));
    } catch (StackOverflowError e) {
      throw new JinjaException("the template is nested too deeply", e);
    }
  }

  /**
   * Writes the template out.
   *
   * @param variables null, {@code Boolean}, {@code Long}, {@code Double}, {@code String}, {@code
   *     List} and {@code Map} of such by name
   * @throws JinjaException if the template raises an error, is faulty, or goes on for too long
   */
  public String render(Map<String, ? extends @Nullable Object> variables) {
    Budget budget = new Budget(MOST_WORK, LONGEST_OUTPUT);
    Scope globals = new Scope(null);
    Globals.define(globals, budget);
    variables.forEach(globals::set);
    try {
      return new Interpreter(budget).render(nodes, new Scope(globals));
    } catch (StackOverflowError e) {
      throw new JinjaException("the template calls itself too deeply", e);
    }
  }
}
