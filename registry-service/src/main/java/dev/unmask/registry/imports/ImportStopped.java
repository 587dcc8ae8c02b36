package dev.unmask.registry.imports;

/** Somebody cancelled the import, or another worker has it. */
final class ImportStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
