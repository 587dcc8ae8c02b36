package dev.unmask.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.mlflow.tracking.MlflowClient;

/**
 * What {@code mlflow-client} offers: the public methods and constructors of the public classes in
 * its packages {@code tracking} and {@code artifacts}, found in its jar. Interfaces offer nothing
 * of their own, and the protocol's generated messages are values.
 */
final class ClientApi {
  private static final String DATABRICKS = "speaks to Databricks, with its files and its clusters";
  private static final String SAMPLE = "a sample program, which calls the methods that are here";
  private static final String INSIDE =
      "what MlflowClient's own methods for artifacts call, on the same objects";
  private static final String THROWN = "made by the client, which throws it";
  private static final String ENVIRONMENT =
      "reads MLFLOW_TRACKING_URI of this process, which is started before the gateway has a port;"
          + " then calls the constructor with an address, which is here";

  /** Beginnings of signatures that no test calls, each with the reason. */
  private static final Map<String, String> LEFT_OUT =
      Map.ofEntries(
          Map.entry("MlflowClient.new()", ENVIRONMENT),
          Map.entry("MlflowContext.new()", ENVIRONMENT),
          Map.entry("MlflowClientException.", THROWN),
          Map.entry("MlflowHttpException.new(", THROWN),
          Map.entry("MlflowTagConstants.", "has constants alone"),
          Map.entry("DatabricksMlflowHostCreds.", DATABRICKS),
          Map.entry("DatabricksConfigHostCredsProvider.", DATABRICKS),
          Map.entry("DatabricksDynamicHostCredsProvider.", DATABRICKS),
          Map.entry("DatabricksContext.", DATABRICKS),
          Map.entry("QuickStartDriver.", SAMPLE),
          Map.entry("FluentExample.", SAMPLE),
          Map.entry("CliBasedArtifactRepository.", INSIDE),
          Map.entry("ArtifactRepositoryFactory.", INSIDE));

  private ClientApi() {}

  /** All that has to be called; an exception that excepts nothing fails. */
  static SortedSet<String> toBeCalled() {
    SortedSet<String> offered = new TreeSet<>();
    classes().forEach(type -> offered.addAll(signatures(type)));
    for (String exception : LEFT_OUT.keySet()) {
      if (!offered.removeIf(signature -> signature.startsWith(exception))) {
        throw new AssertionError("the client offers no " + exception + ", take it off the list");
      }
    }
    return offered;
  }

  private static List<String> signatures(Class<?> type) {
    Stream<String> constructors =
        Stream.of(type.getConstructors())
            .map(Constructor::getParameterTypes)
            .map(parameters -> signature(type, "new", parameters));
    Stream<String> methods =
        Stream.of(type.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isBridge())
            .map(ClientApi::signature);
    return Stream.concat(constructors, methods).toList();
  }

  private static String signature(Method method) {
    return signature(method.getDeclaringClass(), method.getName(), method.getParameterTypes());
  }

  private static String signature(Class<?> type, String name, Class<?>[] parameters) {
    return CallRecorder.signature(type.getSimpleName(), name, List.of(parameters));
  }

  private static List<Class<?>> classes() {
    try (JarFile jar = new JarFile(jar().toFile())) {
      return jar.stream()
          .map(entry -> entry.getName().replace('/', '.'))
          .filter(name -> name.matches("org\\.mlflow\\.(tracking|artifacts)\\.[\\w.]+\\.class"))
          .filter(name -> !name.contains("package-info"))
          .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length())))
          .filter(type -> Modifier.isPublic(type.getModifiers()) && !type.isInterface())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path jar() {
    try {
      return Path.of(
          MlflowClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ClientApi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
