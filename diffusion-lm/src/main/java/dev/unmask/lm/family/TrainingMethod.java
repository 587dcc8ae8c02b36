package dev.unmask.lm.family;

import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A way to train that a job can name. Without state. */
public interface TrainingMethod {
  /** Name in job specs, such as {@code fast-dllm-v2}. */
  String name();

  MethodOptions options();

  /** The kind of network it trains, in words. The phases of one run train one network. */
  String network(MethodChoice choice);

  /** Whether its steps can compute activations again rather than keep them. */
  default boolean recomputes(MethodChoice choice) {
    return false;
  }

  /** Trainable numbers of a fresh network. */
  long parameterCount(MethodChoice choice, NetworkSize size);

  /**
   * Tokens of a sequence of an earlier model that a run of this method begins with.
   *
   * @throws IllegalArgumentException if it is another kind of network
   */
  int contextLength(MethodChoice choice, Path modelDirectory);

  /**
   * Begins a run, or goes on from a checkpoint. All phases of the plan train the same kind of
   * network; this method is that of the first.
   *
   * @param checkpoint null to begin
   * @throws IllegalArgumentException if the plan, its data and the earlier model or checkpoint do
   *     not fit together
   */
  TrainingRun open(MethodPlan plan, PackedSequences training, @Nullable Path checkpoint);
}
