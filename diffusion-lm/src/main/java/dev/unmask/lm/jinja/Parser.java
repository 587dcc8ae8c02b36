package dev.unmask.lm.jinja;

import dev.unmask.lm.jinja.Segment.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the tags of a template. */
final class Parser {

  private static final int DEEPEST = 50;

  private final List<Segment> segments;
  private int at;
  private int depth;

  private Parser(List<Segment> segments) {
    this.segments = segments;
  }

  static List<Node> parse(String source) {
    Parser parser = new Parser(Lexer.segments(source));
    List<Node> nodes = parser.body(Set.of());
    return nodes;
  }

  /** Nodes up to a statement named in {@code ends}, which is left unread. */
  private List<Node> body(Set<String> ends) {
    if (++depth > DEEPEST) {
      throw new JinjaException("tags must be nested at most " + DEEPEST + " deep");
    }
    List<Node> nodes = new ArrayList<>();
    while (at < segments.size() && !ends.contains(statementName())) {
      switch (segments.get(at++)) {
        case Segment.Text(String text) -> nodes.add(new Node.Text(text));
        case Segment.Output(List<Token> tokens) -> nodes.add(output(new TokenReader(tokens)));
        case Statement(List<Token> tokens) -> nodes.add(statement(new TokenReader(tokens)));
      }
    }
    if (at == segments.size() && !ends.isEmpty()) {
      throw new JinjaException("the template ends where one of " + ends + " was expected");
    }
    depth--;
    return nodes;
  }

  private String statementName() {
    return segments.get(at) instanceof Statement statement
        ? statement.tokens().getFirst().text()
        : "";
  }

  private TokenReader statementTokens() {
    Statement statement = (Statement) segments.get(at++);
    TokenReader tokens = new TokenReader(statement.tokens());
    tokens.next();
    return tokens;
  }

  private static Node output(TokenReader tokens) {
    Expression value = new ExpressionParser(tokens).tuple();
    tokens.expectEnd();
    return new Node.Output(value);
  }

  private Node statement(TokenReader tokens) {
    String name = tokens.name();
    return switch (name) {
      case "if" -> ifTag(tokens);
      case "for" -> forTag(tokens);
      case "set" -> setTag(tokens);
      case "macro" -> macroTag(tokens);
      case "generation" -> {
        tokens.expectEnd();
        List<Node> body = body(Set.of("endgeneration"));
        statementTokens().expectEnd();
        yield new Node.Block(body);
      }
      case "break" -> alone(tokens, new Node.Break());
      case "continue" -> alone(tokens, new Node.Continue());
      default -> throw new JinjaException("the tag \"" + name + "\" is not supported");
    };
  }

  private static Node alone(TokenReader tokens, Node node) {
    tokens.expectEnd();
    return node;
  }

  private Node ifTag(TokenReader first) {
    List<Expression> conditions = new ArrayList<>();
    List<List<Node>> bodies = new ArrayList<>();
    TokenReader tokens = first;
    while (true) {
      conditions.add(whole(tokens));
      bodies.add(body(Set.of("elif", "else", "endif")));
      String end = statementName();
      tokens = statementTokens();
      if (end.equals("elif")) {
        continue;
      }
      List<Node> otherwise = List.of();
      tokens.expectEnd();
      if (end.equals("else")) {
        otherwise = body(Set.of("endif"));
        statementTokens().expectEnd();
      }
      return new Node.If(conditions, bodies, otherwise);
    }
  }

  private static Expression whole(TokenReader tokens) {
    Expression value = new ExpressionParser(tokens).tuple();
    tokens.expectEnd();
    return value;
  }

  private Node forTag(TokenReader tokens) {
    List<String> targets = targets(tokens);
    tokens.expectName("in");
    ExpressionParser parser = new ExpressionParser(tokens);
    Expression elements = parser.or();
    @Nullable Expression condition = tokens.takeName("if") ? parser.expression() : null;
    tokens.expectEnd();
    List<Node> body = body(Set.of("else", "endfor"));
    List<Node> otherwise = List.of();
    if (statementName().equals("else")) {
      statementTokens().expectEnd();
      otherwise = body(Set.of("endfor"));
    }
    statementTokens().expectEnd();
    return new Node.For(targets, elements, condition, body, otherwise);
  }

  private static List<String> targets(TokenReader tokens) {
    boolean bracketed = tokens.takeOperator("(");
    List<String> targets = new ArrayList<>();
    do {
      targets.add(tokens.name());
    } while (tokens.takeOperator(","));
    if (bracketed) {
      tokens.expectOperator(")");
    }
    return targets;
  }

  private Node setTag(TokenReader tokens) {
    List<String> targets = targets(tokens);
    String field = tokens.takeOperator(".") ? tokens.name() : null;
    if (tokens.takeOperator("=")) {
      return new Node.Set(targets, field, whole(tokens));
    }
    tokens.expectEnd();
    List<Node> body = body(Set.of("endset"));
    statementTokens().expectEnd();
    return new Node.Capture(targets.getFirst(), body);
  }

  private Node macroTag(TokenReader tokens) {
    String name = tokens.name();
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expression> defaults = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.takeOperator(")")) {
      parameters.add(tokens.name());
      defaults.add(tokens.takeOperator("=") ? new ExpressionParser(tokens).expression() : null);
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.expectEnd();
    List<Node> body = body(Set.of("endmacro"));
    if (statementName().equals("endmacro")) {
      TokenReader end = statementTokens();
      end.takeName(name);
      end.expectEnd();
    }
    return new Node.Macro(name, parameters, defaults, body);
  }
}
