package dev.unmask.training.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A command line that may be shown: without secrets, and without the class path's long list. */
final class CommandLine {
  private static final int LONGEST = 5_000;
  private static final String HIDDEN = "***";
  private static final Set<String> PATHS =
      Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path");

  /** Whatever speaks of a secret is taken for one: a value too few harms less than one too many. */
  private static final Pattern SECRET =
      Pattern.compile(
          "token|passw|passphrase|pwd|secret|credential|private|api.?key|access.?key|signing|bearer|auth",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME_IN_ADDRESS = Pattern.compile("(://)[^/@\\s]*@");
  private static final Pattern TOKEN_ITSELF =
      Pattern.compile("umk_[A-Za-z0-9_.-]+|eyJ[A-Za-z0-9_-]{10,}[A-Za-z0-9_.-]*");

  private CommandLine() {}

  /**
   * @param arguments as the process got them, the program first
   */
  static String shown(List<String> arguments) {
    List<String> shown = new ArrayList<>();
    boolean hideNext = false;
    boolean pathNext = false;
    for (String argument : arguments) {
      if (pathNext) {
        shown.add("...");
      } else if (hideNext) {
        shown.add(HIDDEN);
      } else {
        shown.add(masked(argument));
      }
      boolean isValue = pathNext || hideNext;
      pathNext = !isValue && PATHS.contains(argument);
      hideNext =
          !isValue
              && argument.startsWith("-")
              && argument.indexOf('=') < 0
              && SECRET.matcher(argument).find();
    }
    String line = String.join(" ", shown);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  /** One argument or address without the secrets in it. */
  static String masked(String argument) {
    int value = argument.indexOf('=');
    if (value >= 0 && SECRET.matcher(argument).find()) {
      return argument.substring(0, value + 1) + HIDDEN;
    }
    String anonymous = NAME_IN_ADDRESS.matcher(argument).replaceAll("$1" + HIDDEN + "@");
    return TOKEN_ITSELF.matcher(anonymous).replaceAll(HIDDEN);
  }
}
