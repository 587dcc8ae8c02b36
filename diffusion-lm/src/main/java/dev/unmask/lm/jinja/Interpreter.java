package dev.unmask.lm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders nodes. */
final class Interpreter {

  private static final int DEEPEST_CALLS = 40;

  private final Budget budget;
  private final Evaluator evaluator;
  private int calls;

  /** How a body ended. */
  private enum Outcome {
    DONE,
    BREAK,
    CONTINUE
  }

  Interpreter(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
  }

  String render(List<Node> nodes, Scope scope) {
    StringBuilder output = new StringBuilder();
    run(nodes, scope, output);
    return output.toString();
  }

  private Outcome run(List<Node> nodes, Scope scope, StringBuilder output) {
    for (Node node : nodes) {
      Outcome outcome = run(node, scope, output);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    }
    return Outcome.DONE;
  }

  private Outcome run(Node node, Scope scope, StringBuilder output) {
    budget.spend(1);
    switch (node) {
      case Node.Text(String text) -> write(text, output);
      case Node.Output(Expression value) ->
          write(Values.text(evaluator.value(value, scope), budget), output);
      case Node.If choice -> {
        return run(chosen(choice, scope), scope, output);
      }
      case Node.For loop -> runLoop(loop, scope, output);
      case Node.Set set -> assign(set, scope);
      case Node.Capture(String target, List<Node> body) ->
          scope.set(target, render(body, new Scope(scope)));
      case Node.Macro macro -> scope.set(macro.name(), macro(macro, scope));
      case Node.Block(List<Node> body) -> {
        return run(body, scope, output);
      }
      case Node.Break() -> {
        return Outcome.BREAK;
      }
      case Node.Continue() -> {
        return Outcome.CONTINUE;
      }
    }
    return Outcome.DONE;
  }

  private void write(String text, StringBuilder output) {
    budget.spendText(text.length());
    budget.spendText(output.length() + (long) text.length() < 1 << 10 ? 0 : text.length());
    output.append(text);
    checkLength(output);
  }

  private void checkLength(StringBuilder output) {
    if (output.length() > JinjaTemplate.LONGEST_OUTPUT) {
      throw new JinjaException(
          "the template must write at most " + JinjaTemplate.LONGEST_OUTPUT + " characters");
    }
  }

  private List<Node> chosen(Node.If choice, Scope scope) {
    for (int i = 0; i < choice.conditions().size(); i++) {
      if (Values.isTrue(evaluator.value(choice.conditions().get(i), scope))) {
        return choice.bodies().get(i);
      }
    }
    return choice.otherwise();
  }

  private void runLoop(Node.For loop, Scope scope, StringBuilder output) {
    List<@Nullable Object> elements =
        Values.elements(evaluator.value(loop.elements(), scope), budget);
    Expression condition = loop.condition();
    if (condition != null) {
      elements.removeIf(
          element -> {
            Scope candidate = new Scope(scope);
            bind(loop.targets(), element, candidate);
            return !Values.isTrue(evaluator.value(condition, candidate));
          });
    }
    if (elements.isEmpty()) {
      run(loop.otherwise(), new Scope(scope), output);
    }
    for (int i = 0; i < elements.size(); i++) {
      Scope inside = new Scope(scope);
      inside.set("loop", loopFields(elements, i));
      bind(loop.targets(), elements.get(i), inside);
      if (run(loop.body(), inside, output) == Outcome.BREAK) {
        return;
      }
    }
  }

  private static Map<String, @Nullable Object> loopFields(
      List<@Nullable Object> elements, int index) {
    int size = elements.size();
    Map<String, @Nullable Object> fields = new java.util.HashMap<>();
    fields.put("index", index + 1L);
    fields.put("index0", (long) index);
    fields.put("revindex", (long) size - index);
    fields.put("revindex0", (long) size - index - 1);
    fields.put("first", index == 0);
    fields.put("last", index == size - 1);
    fields.put("length", (long) size);
    fields.put("previtem", index > 0 ? elements.get(index - 1) : new Undefined("previtem"));
    fields.put("nextitem", index + 1 < size ? elements.get(index + 1) : new Undefined("nextitem"));
    return fields;
  }

  private void bind(List<String> targets, @Nullable Object value, Scope scope) {
    if (targets.size() == 1) {
      scope.set(targets.getFirst(), value);
      return;
    }
    List<@Nullable Object> parts = Values.elements(value, budget);
    if (parts.size() != targets.size()) {
      throw new JinjaException(
          "expected %d values for %s, found %d".formatted(targets.size(), targets, parts.size()));
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(targets.get(i), parts.get(i));
    }
  }

  private void assign(Node.Set set, Scope scope) {
    Object value = evaluator.value(set.value(), scope);
    String field = set.field();
    if (field == null) {
      bind(set.targets(), value, scope);
    } else if (scope.get(set.targets().getFirst()) instanceof Namespace namespace) {
      namespace.fields.put(field, value);
    } else {
      throw new JinjaException("only a field of a namespace can be set, not \"" + field + "\"");
    }
  }

  private Callable macro(Node.Macro macro, Scope defined) {
    return arguments -> {
      if (arguments.size() > macro.parameters().size()) {
        throw new JinjaException("the macro \"" + macro.name() + "\" got too many arguments");
      }
      if (++calls > DEEPEST_CALLS) {
        throw new JinjaException("macros must call each other at most 40 deep");
      }
      Scope inside = new Scope(defined);
      for (int i = 0; i < macro.parameters().size(); i++) {
        inside.set(macro.parameters().get(i), argument(macro, i, arguments, defined));
      }
      String text = render(macro.body(), inside);
      calls--;
      return text;
    };
  }

  private @Nullable Object argument(
      Node.Macro macro, int index, CallArguments arguments, Scope scope) {
    String parameter = macro.parameters().get(index);
    if (arguments.has(index, parameter)) {
      return arguments.option(index, parameter);
    }
    Expression otherwise = macro.defaults().get(index);
    return otherwise == null ? new Undefined(parameter) : evaluator.value(otherwise, scope);
  }

  /** {@code range(...)}, paid for before it is made. */
  static List<@Nullable Object> range(CallArguments arguments, Budget budget) {
    int first = Values.integer(arguments.get(0));
    int from = arguments.size() > 1 ? first : 0;
    int to = arguments.size() > 1 ? Values.integer(arguments.get(1)) : first;
    int step = arguments.size() > 2 ? Values.integer(arguments.get(2)) : 1;
    if (step == 0) {
      throw new JinjaException("the step of a range must not be 0");
    }
    budget.spend(Math.max(0, ((long) to - from) / step));
    List<@Nullable Object> numbers = new ArrayList<>();
    for (long at = from; step > 0 ? at < to : at > to; at += step) {
      numbers.add(at);
    }
    return numbers;
  }
}
