package dev.unmask.local.stack;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;

/** The four services, in the order in which they are stopped last to first. */
public enum ServiceKind {
  REGISTRY("registry", true, 384, () -> reflect("dev.unmask.registry.RegistryApplication")),
  TRAINING("training", true, 1536, () -> reflect("dev.unmask.training.TrainingApplication")),
  INFERENCE("inference", true, 1024, () -> reflect("dev.unmask.inference.InferenceApplication")),
  GATEWAY("gateway", false, 256, () -> reflect("dev.unmask.gateway.GatewayApplication"));

  private final String id;
  private final boolean usesDatabase;
  private final int heapMegabytes;
  private final Supplier<SpringApplication> application;

  ServiceKind(
      String id, boolean usesDatabase, int heapMegabytes, Supplier<SpringApplication> application) {
    this.id = id;
    this.usesDatabase = usesDatabase;
    this.heapMegabytes = heapMegabytes;
    this.application = application;
  }

  /** Name in commands, configuration keys, folders and logs. */
  public String id() {
    return id;
  }

  boolean usesDatabase() {
    return usesDatabase;
  }

  /** Heap of the service in a process of its own. */
  int heapMegabytes() {
    return heapMegabytes;
  }

  SpringApplication application() {
    return application.get();
  }

  static Optional<ServiceKind> named(String id) {
    return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findFirst();
  }

  private static SpringApplication reflect(String type) {
    try {
      return (SpringApplication) Class.forName(type).getMethod("application").invoke(null);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new StackFailure("no service " + type, e);
    }
  }
}
