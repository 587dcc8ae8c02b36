package dev.unmask.training.origin;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.stereotype.Component;

/**
 * Where this process comes from. It is found out once, while the service starts: a checkout that
 * changes later is no longer what runs.
 */
@Component
public class ProcessOrigin {
  /** Folder and file of a run's artifact that holds the difference. */
  public static final String FOLDER = "source";

  public static final String FILE = "difference.patch";

  private static final Logger log = LoggerFactory.getLogger(ProcessOrigin.class);
  private static final String ENVIRONMENT = "unmask.environment.";
  private static final String PYTORCH = "native/lib/pytorch.properties";

  private final FutureTask<Optional<Checkout>> checkout;
  private final OriginProperties properties;

  ProcessOrigin(OriginProperties properties) {
    this.properties = properties;
    this.checkout = new FutureTask<>(this::readCheckout);
    Thread.ofVirtual().name("origin").start(checkout);
  }

  private Optional<Checkout> readCheckout() {
    if (!properties.git()) {
      return Optional.empty();
    }
    Path home = new ApplicationHome(ProcessOrigin.class).getDir().toPath();
    int most = Math.toIntExact(Math.min(properties.longestDifference().toBytes(), 1 << 26));
    return Checkout.read(new Git(home, properties.longestWait()), most);
  }

  /** Tags of a run that was made by this process: MLflow's of the source, ours of the rest. */
  public SortedMap<String, String> tags() {
    SortedMap<String, String> tags = new TreeMap<>();
    checkout().ifPresent(source -> put(tags, source));
    tags.put(ENVIRONMENT + "command", CommandLine.shown(arguments()));
    tags.put(ENVIRONMENT + "java", Runtime.version().toString());
    tags.put(
        ENVIRONMENT + "java-vm",
        System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.vendor"));
    tags.put(
        ENVIRONMENT + "system",
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
    tags.put(ENVIRONMENT + "architecture", System.getProperty("os.arch"));
    tags.put(ENVIRONMENT + "cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    tags.put(ENVIRONMENT + "djl", Engine.getDjlVersion());
    pytorch().ifPresent(version -> tags.put(ENVIRONMENT + "pytorch", version));
    return tags;
  }

  /** What no commit holds of this process's source, as a patch of {@code git apply}. */
  public Optional<String> difference() {
    return checkout().map(Checkout::difference);
  }

  private static void put(Map<String, String> tags, Checkout source) {
    tags.put("mlflow.source.git.commit", source.commit());
    String branch = source.branch();
    if (branch != null) {
      tags.put("mlflow.source.git.branch", branch);
    }
    String repository = source.repository();
    if (repository != null) {
      tags.put("mlflow.source.git.repoURL", repository);
    }
    Boolean dirty = source.dirty();
    if (dirty != null) {
      tags.put("mlflow.source.git.dirty", dirty.toString());
    }
    if (Boolean.TRUE.equals(dirty)) {
      tags.put(
          "unmask.source.difference",
          source.difference() == null
              ? "left out: longer than unmask.training.origin.longest-difference, or no text"
              : FOLDER + "/" + FILE);
    }
  }

  private Optional<Checkout> checkout() {
    try {
      // No more than git may take for its questions; a run does without rather than wait longer.
      return checkout.get(6 * properties.longestWait().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException failure) {
      log.warn("the source of this process is not known", failure);
      return Optional.empty();
    }
  }

  private static List<String> arguments() {
    ProcessHandle.Info process = ProcessHandle.current().info();
    List<String> arguments = new ArrayList<>();
    arguments.add("java");
    process
        .arguments()
        .map(Arrays::asList)
        .ifPresentOrElse(
            arguments::addAll,
            () -> arguments.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    return arguments;
  }

  /** Of the native library on the class path, without loading it. */
  private static Optional<String> pytorch() {
    try (InputStream file = ProcessOrigin.class.getClassLoader().getResourceAsStream(PYTORCH)) {
      if (file == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(file);
      return Optional.ofNullable(properties.getProperty("version"));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
