package dev.unmask.inference.engine;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the engine before the web server, so that every open stream ends with its answer or with an
 * error event while the connection still stands.
 */
final class EngineLifecycle implements SmartLifecycle {
  private final Engine engine;
  private volatile boolean running;

  EngineLifecycle(Engine engine) {
    this.engine = engine;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    engine.drain();
    engine.close();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE; // the web server's graceful shutdown comes after the highest phase
  }
}
