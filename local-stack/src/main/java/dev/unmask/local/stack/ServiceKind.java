package dev.unmask.local.stack;

import dev.unmask.gateway.GatewayApplication;
import dev.unmask.inference.InferenceApplication;
import dev.unmask.registry.RegistryApplication;
import dev.unmask.training.TrainingApplication;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;

/** The four services, in the order in which they are stopped last to first. */
public enum ServiceKind {
  REGISTRY("registry", true, 384, RegistryApplication::application),
  TRAINING("training", true, 1536, TrainingApplication::application),
  INFERENCE("inference", true, 1024, InferenceApplication::application),
  GATEWAY("gateway", false, 256, GatewayApplication::application);

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
}
