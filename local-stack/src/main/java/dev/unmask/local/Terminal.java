package dev.unmask.local;

import java.io.PrintWriter;

/** What the user sees: plain lines, and one line in place where a terminal can do that. */
public final class Terminal {
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean interactive;
  private boolean lineOpen;

  public Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
    this.out = out;
    this.err = err;
    this.interactive = interactive;
  }

  /** Whether someone watches; a pipe or file gets plain lines at a slower pace. */
  public boolean interactive() {
    return interactive;
  }

  public synchronized void say(String line) {
    endLine();
    out.println(line);
    out.flush();
  }

  public synchronized void warn(String line) {
    endLine();
    out.flush();
    err.println(line);
    err.flush();
  }

  /** Replaces the line in place; a plain line where nobody watches. */
  public synchronized void progress(String line) {
    if (interactive) {
      out.print(ERASE_LINE + line);
      lineOpen = true;
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** Appends to the current line: streamed text. */
  public synchronized void write(String text) {
    out.print(text);
    lineOpen = !text.endsWith("\n") && (lineOpen || !text.isEmpty());
    out.flush();
  }

  private void endLine() {
    if (lineOpen) {
      out.println();
      lineOpen = false;
    }
  }
}
