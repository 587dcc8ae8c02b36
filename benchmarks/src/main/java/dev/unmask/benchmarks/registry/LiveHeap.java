package dev.unmask.benchmarks.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of another virtual machine's heap is in use after a collection of its garbage. */
final class LiveHeap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+) *$");

  private LiveHeap() {}

  /**
   * Bytes of all objects that are reachable; the other process stands still for their count.
   *
   * @param process another one: this one would wait for itself
   * @throws IllegalStateException if the process does not answer
   */
  static long bytes(ProcessHandle process) {
    // Its histogram collects first and counts alike with every collector.
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process asked =
          new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      asked.getOutputStream().close();
      return parse(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long parse(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IllegalStateException(
          "jcmd gave no histogram: " + histogram.substring(0, Math.min(200, histogram.length())));
    }
    return Long.parseLong(total.group(1));
  }
}
