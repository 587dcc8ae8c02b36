package dev.unmask.lm.testing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes what the tests showed to {@code target/method-coverage.json}: for each method and part,
 * and for each reference case, whether every test of it passed. The table in {@code
 * docs/methods.md} is made from that file.
 */
public final class CoverageListener implements TestExecutionListener {
  public static final Path FILE = Path.of("target", "method-coverage.json");

  private static final Pattern CASE = Pattern.compile("\\b[a-z0-9_]+/[a-z0-9_]+\\b");
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Map<String, Boolean> cases = new ConcurrentSkipListMap<>();
  private final Map<String, Boolean> parts = new ConcurrentSkipListMap<>();
  private TestPlan plan;

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest() || result.getStatus() == Status.ABORTED) {
      return;
    }
    boolean passed = result.getStatus() == Status.SUCCESSFUL;
    Class<?> type = typeOf(test).orElse(null);
    if (type == null) {
      return;
    }
    for (Covers covers : type.getAnnotationsByType(Covers.class)) {
      for (Covers.Part part : covers.parts()) {
        parts.merge(covers.method() + "/" + part, passed, Boolean::logicalAnd);
      }
    }
    if (type.isAnnotationPresent(ReproducesKinds.class)) {
      caseOf(test).ifPresent(name -> cases.merge(name, passed, Boolean::logicalAnd));
    }
  }

  private Optional<Class<?>> typeOf(TestIdentifier test) {
    for (TestIdentifier at = test; at != null; at = plan.getParent(at).orElse(null)) {
      Optional<Class<?>> type =
          at.getSource()
              .map(
                  source ->
                      switch (source) {
                        case MethodSource method -> method.getJavaClass();
                        case ClassSource clazz -> clazz.getJavaClass();
                        default -> null;
                      });
      if (type.isPresent()) {
        return type;
      }
    }
    return Optional.empty();
  }

  /** The reference case that a test or what it belongs to is named for, such as ar/qwen2. */
  private Optional<String> caseOf(TestIdentifier test) {
    for (TestIdentifier at = test; at != null; at = plan.getParent(at).orElse(null)) {
      Matcher name = CASE.matcher(at.getDisplayName());
      if (name.find()) {
        return Optional.of(name.group());
      }
    }
    return Optional.empty();
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    if (cases.isEmpty()) {
      return;
    }
    Map<String, Object> report = new TreeMap<>(Map.of("cases", cases, "parts", parts));
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, GSON.toJson(report) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
