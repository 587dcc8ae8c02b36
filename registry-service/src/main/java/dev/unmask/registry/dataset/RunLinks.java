package dev.unmask.registry.dataset;

import java.util.List;

/**
 * What one run read and made.
 *
 * @param modelInputs ids of the logged models it read
 * @param outputs logged models it made, in the order of their steps
 */
public record RunLinks(
    List<DatasetInput> datasets, List<String> modelInputs, List<ModelOutput> outputs) {
  /** Of a run that named none. */
  public static final RunLinks NONE = new RunLinks(List.of(), List.of(), List.of());

  /**
   * @param step of the run at which the model was made
   */
  public record ModelOutput(String modelId, long step) {}
}
