package dev.unmask.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One running stack with a tiny deployed model for all tests that do no harm to it. */
final class SharedStack implements ParameterResolver {
  /** Name of the corpus, job, experiment, model and deployment. */
  static final String NAME = "tiny";

  private static boolean failed;

  private static final Duration TRAINING_LIMIT = Duration.ofMinutes(4);

  /**
   * @param job the finished training job
   */
  record Trained(StackProcess stack, Gateway gateway, JsonNode job) implements AutoCloseable {
    static Trained start() {
      StackProcess stack = StackProcess.up(StackProcess.freshData("shared"));
      try {
        return new Trained(stack, stack.gateway(), train(stack.gateway()));
      } catch (RuntimeException | Error e) {
        stack.close();
        throw e;
      }
    }

    private static JsonNode train(Gateway gateway) {
      String corpus = gateway.corpus(NAME, TinyModel.text());
      String id = gateway.submit(TinyModel.job(corpus, NAME, TinyModel.STEPS));
      JsonNode job = gateway.completed(id, TRAINING_LIMIT);
      gateway.deploy(NAME, "models:/" + NAME + "@champion");
      return job;
    }

    @Override
    public void close() {
      stack.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Trained.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedStack.class))
        .computeIfAbsent(Trained.class, type -> startOnce(), Trained.class);
  }

  /** A stack that did not start for one test will not for the next. */
  private static synchronized Trained startOnce() {
    if (failed) {
      throw new AssertionError("the shared stack did not start for an earlier test");
    }
    failed = true;
    Trained trained = Trained.start();
    failed = false;
    return trained;
  }
}
