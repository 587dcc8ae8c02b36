package dev.unmask.lm.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into text and tags. White space is treated as Hugging Face sets Jinja up: the
 * line break after a block tag is dropped ({@code trim_blocks}), so are the spaces before one that
 * begins its line ({@code lstrip_blocks}) and one line break at the end of the template.
 */
final class Lexer {

  private final String source;
  private final List<Segment> segments = new ArrayList<>();
  private int at;
  private int line = 1;
  private int counted;
  private boolean stripNext;
  private boolean dropLineBreak;

  private Lexer(String source) {
    String unix = source.replace("\r\n", "\n");
    this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
  }

  static List<Segment> segments(String source) {
    Lexer lexer = new Lexer(source);
    while (lexer.at < lexer.source.length()) {
      lexer.next();
    }
    return lexer.segments;
  }

  private void next() {
    int open = nextTag(at);
    String text = source.substring(at, open);
    if (open == source.length()) {
      addText(text, false, false);
      at = open;
      return;
    }
    char kind = source.charAt(open + 1);
    char control = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
    addText(text, control == '-', kind != '{' && control != '+');
    int inside = open + (control == '-' || control == '+' ? 3 : 2);
    switch (kind) {
      case '#' -> comment(inside);
      case '%' -> block(inside);
      default -> output(inside);
    }
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return source.length();
  }

  private void addText(String text, boolean stripEnd, boolean stripIndent) {
    String kept = text;
    if (stripNext) {
      kept = kept.stripLeading();
    } else if (dropLineBreak && kept.startsWith("\n")) {
      kept = kept.substring(1);
    }
    boolean startsLine = at == 0 || text.indexOf('\n') >= 0;
    if (stripEnd) {
      kept = kept.stripTrailing();
    } else if (stripIndent && startsLine) {
      kept = withoutIndent(kept);
    }
    if (!kept.isEmpty()) {
      segments.add(new Segment.Text(kept));
    }
  }

  private static String withoutIndent(String text) {
    int line = text.lastIndexOf('\n') + 1;
    return text.substring(line).isBlank() ? text.substring(0, line) : text;
  }

  private void comment(int inside) {
    int close = source.indexOf("#}", inside);
    if (close < 0) {
      throw new JinjaException("line %d: the comment has no end".formatted(line(inside)));
    }
    stripNext = source.charAt(close - 1) == '-';
    dropLineBreak = true;
    at = close + 2;
  }

  private void block(int inside) {
    TagScanner tag = new TagScanner(source, inside, line(inside), "%}");
    segments.add(new Segment.Statement(tag.scan()));
    stripNext = tag.stripsAfter();
    dropLineBreak = true;
    at = tag.end();
  }

  private void output(int inside) {
    TagScanner tag = new TagScanner(source, inside, line(inside), "}}");
    segments.add(new Segment.Output(tag.scan()));
    stripNext = tag.stripsAfter();
    dropLineBreak = false;
    at = tag.end();
  }

  /** Called with growing indices only. */
  private int line(int index) {
    line += (int) source.substring(counted, index).chars().filter(c -> c == '\n').count();
    counted = index;
    return line;
  }
}
