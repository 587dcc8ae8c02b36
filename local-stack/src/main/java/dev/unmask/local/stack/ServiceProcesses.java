package dev.unmask.local.stack;

import dev.unmask.local.Terminal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each service in a process of its own, started again whenever it ends. */
final class ServiceProcesses implements Services {
  private final List<SupervisedProcess> processes = new ArrayList<>();

  private ServiceProcesses() {}

  static ServiceProcesses start(DataDirectory data, ServiceArguments arguments, Terminal terminal) {
    ServiceProcesses services = new ServiceProcesses();
    for (ServiceKind kind : ServiceKind.values()) {
      services.processes.add(
          SupervisedProcess.start(
              kind.id(), () -> ServiceCommand.builder(kind, data, arguments), terminal));
    }
    return services;
  }

  /** A process that ends is started again, so no failure is final here. */
  @Override
  public @Nullable String failure() {
    return null;
  }

  @Override
  public void close() {
    processes.reversed().forEach(SupervisedProcess::close);
  }
}
