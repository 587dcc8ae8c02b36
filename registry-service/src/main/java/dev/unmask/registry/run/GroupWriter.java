package dev.unmask.registry.run;

import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.Map;

/** Stores batches of one run together. */
interface GroupWriter {
  /**
   * Returns when what was taken is durable.
   *
   * @param batches in the order in which they came
   * @return why batches were refused, by their place in the list; the others are stored whole
   * @throws UnmaskException when the run takes none of them
   */
  Map<Integer, UnmaskException> write(RunAddress run, List<Batch> batches);
}
