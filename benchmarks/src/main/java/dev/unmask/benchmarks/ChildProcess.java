package dev.unmask.benchmarks;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process by this one's Java, options and class path. */
final class ChildProcess {

  private ChildProcess() {}

  /**
   * @param main class to run
   * @param options of the virtual machine, which go before this process's where both say something
   * @return its standard error is this process's
   */
  static ProcessBuilder of(Class<?> main, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options); // the last one counts
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add(main.getName());
    return new ProcessBuilder(command)
        .directory(new File("."))
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
