package dev.unmask.inference.engine;

/** A request the engine has accepted. */
public interface Generation {
  /** It stops computing at the next denoising step; safe to call from any thread, repeatedly. */
  void cancel();
}
