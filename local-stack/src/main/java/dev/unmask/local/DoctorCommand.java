package dev.unmask.local;

import dev.unmask.local.doctor.Check;
import dev.unmask.local.doctor.Doctor;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at the machine and says what to do. */
@Command(
    name = "doctor",
    description = "Checks JDK, memory, disk, ports and the native library, and says what to do.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DoctorCommand implements Callable<Integer> {
  @Mixin private final StackOptions options = new StackOptions();

  @Override
  public Integer call() {
    // Loading the native library logs its own story; the findings are what the user asked for.
    System.setProperty("logback.configurationFile", "dev/unmask/local/doctor/quiet-logback.xml");
    Terminal terminal = options.terminal();
    List<Check> checks = new Doctor(options.data(), options.port()).examine();
    for (Check check : checks) {
      terminal.say("%-5s %-14s %s".formatted(check.verdict(), check.subject(), check.found()));
      if (!check.remedy().isEmpty()) {
        terminal.say("      -> " + check.remedy());
      }
    }
    return checks.stream().anyMatch(check -> check.verdict() == Check.Verdict.FAIL) ? 1 : 0;
  }
}
