package dev.unmask.lm.optimizer;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.backbone.Parameter;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * AdamW (arXiv:1711.05101) over the weights of a backbone, with clipping by the global norm and an
 * exponential moving average of the weights. Engine thread only.
 */
public final class AdamW implements AutoCloseable {
  private final OptimizerSettings settings;
  private final Predicate<Parameter> decays;
  private final Kernels kernels;
  private final TensorScope scope;
  private final Weights weights;
  private final Weights firstMoments;
  private final Weights secondMoments;
  private final Weights average;
  private long updates;

  private AdamW(
      OptimizerSettings settings, Predicate<Parameter> decays, Weights weights, State state) {
    this.settings = settings;
    this.decays = decays;
    this.kernels = Kernels.load(AdamW.class);
    this.scope = TensorScope.open();
    this.weights = weights;
    this.firstMoments = state.firstMoments;
    this.secondMoments = state.secondMoments;
    this.average = state.average;
    this.updates = state.updates;
  }

  /**
   * Everything the optimizer remembers besides the weights.
   *
   * @param updates since the moments and the average started afresh
   */
  public record State(Weights firstMoments, Weights secondMoments, Weights average, long updates) {
    static State fresh(Weights weights) {
      return new State(weights.zeros(), weights.zeros(), weights.copy(), 0);
    }
  }

  /**
   * @param weights stay owned by the caller
   */
  public static AdamW start(OptimizerSettings settings, Weights weights) {
    return new AdamW(settings, Parameter::decays, weights, State.fresh(weights));
  }

  /** With weight decay on the parameters that {@code decays} says. */
  public static AdamW start(
      OptimizerSettings settings, Weights weights, Predicate<Parameter> decays) {
    return new AdamW(settings, decays, weights, State.fresh(weights));
  }

  /**
   * @param state owned by the optimizer from now on
   */
  public static AdamW resume(OptimizerSettings settings, Weights weights, State state) {
    return new AdamW(settings, Parameter::decays, weights, state);
  }

  /** What a checkpoint has to hold; the tensors stay owned by the optimizer. */
  public State state() {
    return new State(firstMoments, secondMoments, average, updates);
  }

  /** The moving average of the weights; stays owned by the optimizer. */
  public Weights average() {
    return average;
  }

  /**
   * Clips the accumulated gradients, updates the weights and their average, and sets the gradients
   * to zero.
   *
   * @return the norm of the gradients before clipping
   */
  public double step(double learningRate) {
    try (TensorScope once = scope.child()) {
      List<NDArray> gradients = Kernels.gradients(once, weights.present());
      double norm =
          kernels.call(once, "clip", gradients, settings.gradientClip()).get(0).getFloat();
      updates++;
      NDArray step = once.floats(new float[] {updates});
      update(once, gradients, step, learningRate, true);
      update(once, gradients, step, learningRate, false);
      kernels.call(once, "average", average.present(), weights.present(), averageWeight());
      kernels.call(once, "zero", gradients);
      return norm;
    }
  }

  /** Forgets the moments and restarts the average from the weights: a new phase of a plan. */
  public void restart() {
    try (TensorScope once = scope.child()) {
      kernels.call(once, "zero", firstMoments.present());
      kernels.call(once, "zero", secondMoments.present());
      kernels.call(once, "copy", average.present(), weights.present());
    }
    updates = 0;
  }

  /** A young average follows the weights more closely: its decay is (1 + n) / (10 + n) at first. */
  private double averageWeight() {
    return 1 - Math.min(settings.averageDecay(), (1.0 + updates) / (10.0 + updates));
  }

  private void update(
      TensorScope once,
      List<NDArray> gradients,
      NDArray step,
      double learningRate,
      boolean decayed) {
    List<NDArray> chosen = pick(gradients, decayed);
    if (chosen.isEmpty()) {
      return;
    }
    kernels.call(
        once,
        "update",
        pick(weights.present(), decayed),
        chosen,
        pick(firstMoments.present(), decayed),
        pick(secondMoments.present(), decayed),
        Collections.nCopies(chosen.size(), step),
        learningRate,
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        decayed ? settings.weightDecay() : 0.0);
  }

  private List<NDArray> pick(List<NDArray> tensors, boolean decayed) {
    List<Parameter> parameters = weights.parameters();
    List<NDArray> picked = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      if (decays.test(parameters.get(i)) == decayed) {
        picked.add(tensors.get(i));
      }
    }
    return picked;
  }

  @Override
  public void close() {
    scope.close();
    kernels.close();
    firstMoments.close();
    secondMoments.close();
    average.close();
  }
}
