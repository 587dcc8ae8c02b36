package dev.unmask.lm.jinja;

import dev.unmask.lm.jinja.Expression.Arguments;
import dev.unmask.lm.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions with Jinja's precedence: a filter binds more tightly than any operator. */
final class ExpressionParser {

  private static final int DEEPEST = 100;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

  private final TokenReader tokens;
  private int depth;

  ExpressionParser(TokenReader tokens) {
    this.tokens = tokens;
  }

  /** One expression; several with commas between them are a tuple. */
  Expression tuple() {
    Expression first = expression();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.takeOperator(",") && !tokens.atEnd() && !tokens.peek().isOperator(")")) {
      items.add(expression());
    }
    return new Expression.Items(items);
  }

  Expression expression() {
    enter();
    Expression value = or();
    while (tokens.takeName("if")) {
      Expression condition = or();
      Expression otherwise = tokens.takeName("else") ? expression() : null;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    depth--;
    return value;
  }

  private void enter() {
    if (++depth > DEEPEST) {
      throw tokens.fault("at most " + DEEPEST + " nested expressions");
    }
  }

  /** An expression without a conditional, as the elements of a for tag are. */
  Expression or() {
    Expression left = and();
    while (tokens.takeName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.takeName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (!tokens.takeName("not")) {
      return comparison();
    }
    enter();
    Expression value = new Expression.Not(not());
    depth--;
    return value;
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    for (String operator = comparator(); operator != null; operator = comparator()) {
      operators.add(operator);
      others.add(sum());
    }
    return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
  }

  private @Nullable String comparator() {
    Token token = tokens.peek();
    if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.takeName("in")) {
      return "in";
    }
    if (token.isName("not") && tokens.peekSecond().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      left = new Expression.Binary(tokens.next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.takeOperator("~")) {
      left = new Expression.Binary("~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (Set.of("*", "/", "//", "%").contains(tokens.peek().text())
        && tokens.peek().kind() == Kind.OPERATOR) {
      left = new Expression.Binary(tokens.next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.takeOperator("**")) {
      left = new Expression.Binary("**", left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean filtered) {
    enter();
    Expression value;
    if (tokens.takeOperator("-")) {
      value = new Expression.Negative(unary(false));
    } else if (tokens.takeOperator("+")) {
      value = unary(false);
    } else {
      value = postfix(primary());
    }
    depth--;
    return filtered ? filtersAndTests(value) : value;
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> Literals.named(token.text());
      case STRING -> Literals.string(token, tokens);
      case NUMBER -> Literals.number(token);
      case OPERATOR -> bracketed(token);
      case END -> throw tokens.fault("an expression");
    };
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> parenthesised();
      case "[" -> new Expression.Items(items("]"));
      case "{" -> dictionary();
      default ->
          throw new JinjaException(
              "line %d: unexpected \"%s\"".formatted(token.line(), token.text()));
    };
  }

  private Expression parenthesised() {
    if (tokens.takeOperator(")")) {
      return new Expression.Items(List.of());
    }
    Expression value = tuple();
    tokens.expectOperator(")");
    return value;
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.takeOperator(close)) {
      items.add(expression());
      if (!tokens.peek().isOperator(close)) {
        tokens.expectOperator(",");
      }
    }
    return items;
  }

  private Expression dictionary() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.takeOperator("}")) {
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
      if (!tokens.peek().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return new Expression.Dictionary(keys, values);
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.takeOperator(".")) {
        value = new Expression.Attribute(value, tokens.name());
      } else if (tokens.takeOperator("[")) {
        value = subscript(value);
      } else if (tokens.takeOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression owner) {
    Expression from = tokens.peek().isOperator(":") ? null : expression();
    if (from != null && tokens.takeOperator("]")) {
      return new Expression.Index(owner, from);
    }
    tokens.expectOperator(":");
    Expression to = sliceEnd() ? null : expression();
    Expression step = tokens.takeOperator(":") && !sliceEnd() ? expression() : null;
    tokens.expectOperator("]");
    return new Expression.Slice(owner, from, to, step);
  }

  private boolean sliceEnd() {
    return tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
  }

  private Expression filtersAndTests(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.takeOperator("|")) {
        String name = tokens.name();
        Arguments arguments = tokens.takeOperator("(") ? arguments() : Arguments.NONE;
        value = new Expression.Filter(value, name, arguments);
      } else if (tokens.takeName("is")) {
        value = test(value);
      } else if (tokens.takeOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression test(Expression value) {
    boolean negated = tokens.takeName("not");
    String name = tokens.name();
    if (tokens.takeOperator("(")) {
      return new Expression.Test(value, name, arguments(), negated);
    }
    Token next = tokens.peek();
    boolean operand =
        next.kind() == Kind.STRING
            || next.kind() == Kind.NUMBER
            || next.isOperator("[")
            || (next.kind() == Kind.NAME
                && !Set.of("and", "or", "else", "if", "is", "not", "in").contains(next.text()));
    Arguments arguments =
        operand ? new Arguments(List.of(postfix(primary())), Map.of()) : Arguments.NONE;
    return new Expression.Test(value, name, arguments, negated);
  }

  private Arguments arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().isOperator("=")) {
        String name = tokens.name();
        tokens.expectOperator("=");
        named.put(name, expression());
      } else {
        positional.add(expression());
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Arguments(positional, named);
  }
}
