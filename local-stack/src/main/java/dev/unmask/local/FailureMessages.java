package dev.unmask.local;

import dev.unmask.local.client.GatewayFailure;
import dev.unmask.local.database.DatabaseUnavailable;
import dev.unmask.local.demo.DemoFailure;
import dev.unmask.local.importing.ImportFailure;
import dev.unmask.local.stack.StackFailure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Expected failures as one message; anything else with its stack trace, for a bug report. */
final class FailureMessages implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    boolean expected =
        failure instanceof StackFailure
            || failure instanceof DatabaseUnavailable
            || failure instanceof DemoFailure
            || failure instanceof GatewayFailure
            || failure instanceof ImportFailure;
    if (expected) {
      command.getErr().println("unmask: " + failure.getMessage());
    } else {
      command.getErr().println("unmask: an unexpected failure; please report it:");
      failure.printStackTrace(command.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
