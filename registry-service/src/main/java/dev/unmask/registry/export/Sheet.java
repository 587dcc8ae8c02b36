package dev.unmask.registry.export;

import java.io.IOException;

/**
 * A file that is written a row at a time. Never closed after a failure, which would end it as if it
 * were complete.
 */
interface Sheet<T> {
  void write(T row) throws IOException;

  /** Writes what ends the file. */
  void finish() throws IOException;
}
