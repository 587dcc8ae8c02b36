package dev.unmask.local.stack;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of one service's process: this JVM's own class path and options again. */
final class ServiceCommand {
  /** Options that size or serve this JVM alone. */
  private static final List<String> NOT_PASSED_ON =
      List.of("-Xmx", "-Xms", "-XX:SharedArchiveFile", "-XX:+AutoCreateSharedArchive", "-XX:AOT");

  private ServiceCommand() {}

  static ProcessBuilder builder(ServiceKind kind, DataDirectory data, ServiceArguments arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions());
    command.add("-Xmx" + kind.heapMegabytes() + "m");
    command.add("-cp");
    command.add(absoluteClassPath());
    command.add("dev.unmask.local.Unmask");
    command.add("service");
    command.add(kind.id());
    command.add("--lock");
    command.add(data.lock(kind.id()).toString());
    command.addAll(arguments.of(kind));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(data.log(kind).toFile()))
            .directory(workingDirectory(data, kind).toFile());
    if (kind.usesDatabase()) {
      builder.environment().put("SPRING_DATASOURCE_PASSWORD", arguments.password());
    }
    return builder;
  }

  private static Path workingDirectory(DataDirectory data, ServiceKind kind) {
    try {
      return Files.createDirectories(data.of(kind));
    } catch (IOException e) {
      throw new StackFailure("cannot write to " + data.of(kind) + ": " + e.getMessage(), e);
    }
  }

  private static List<String> jvmOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> NOT_PASSED_ON.stream().noneMatch(option::startsWith))
        .toList();
  }

  private static String absoluteClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
