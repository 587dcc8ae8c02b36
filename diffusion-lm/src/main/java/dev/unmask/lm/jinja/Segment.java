package dev.unmask.lm.jinja;

import java.util.List;

/** A template before parsing: text between tags, and tags as tokens. */
sealed interface Segment {

  record Text(String text) implements Segment {}

  /** <code>{{ ... }}</code>. */
  record Output(List<Token> tokens) implements Segment {
    public Output {
      tokens = List.copyOf(tokens);
    }
  }

  /** <code>{% ... %}</code>. */
  record Statement(List<Token> tokens) implements Segment {
    public Statement {
      tokens = List.copyOf(tokens);
    }
  }
}
