package dev.unmask.benchmarks.registry;

/** The registry that is measured does not have a route. */
final class RouteMissing extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RouteMissing(String path) {
    super("the registry has no route " + path);
  }
}
