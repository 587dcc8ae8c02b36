package dev.unmask.lm.torch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TorchScript methods loaded from the readable resource beside their owner, {@code
 * Owner.torchscript.py}. Engine thread only.
 *
 * <p>The resource is a class named after its owner in TorchScript's serialised dialect: every
 * operation is an ATen operation with positional arguments, number types are codes (6 float32, 7
 * float64, 15 bfloat16, 4 int64).
 */
public final class Kernels implements AutoCloseable {
  private final Model model;
  private final PtSymbolBlock block;

  private Kernels(Model model) {
    this.model = model;
    this.block = (PtSymbolBlock) model.getBlock();
  }

  /**
   * @param owner class whose resource {@code <SimpleName>.torchscript.py} defines a TorchScript
   *     class of the same name
   * @throws IllegalStateException if the resource is missing or does not compile
   */
  public static Kernels load(Class<?> owner) {
    String name = owner.getSimpleName();
    String source = source(owner, name + ".torchscript.py");
    TorchRuntime.engine();
    Model model = Model.newInstance(name, "PyTorch");
    try {
      ((PtModel) model).load(new ByteArrayInputStream(TorchArchive.of(name, source)));
      return new Kernels(model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new IllegalStateException("kernels of " + name + " do not compile", e);
    }
  }

  private static String source(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource + " beside " + owner.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a method without recording gradients.
   *
   * @param scope owns the results
   * @param arguments in the order of the method: {@link NDArray}, a collection of them ({@code
   *     List[Tensor]}), {@link Integer} or {@link Long}, {@link Double}, {@link Boolean}
   * @return the tensors the method returns, one or a list
   */
  public NDList call(TensorScope scope, String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      values[i] = value(arguments[i]);
    }
    TorchRuntime.interpretKernels();
    try (IValue result = IValueUtils.runMethod(block, method, values)) {
      return result.toNDList((PtNDManager) scope.manager());
    } finally {
      for (IValue value : values) {
        value.close();
      }
    }
  }

  private static IValue value(Object argument) {
    return switch (argument) {
      case PtNDArray tensor -> IValue.from(tensor);
      case Collection<?> tensors -> IValue.listFrom(tensors.toArray(new PtNDArray[0]));
      case Integer number -> IValue.from(number.longValue());
      case Long number -> IValue.from(number);
      case Double number -> IValue.from(number);
      case Boolean flag -> IValue.from(flag);
      default ->
          throw new IllegalArgumentException(
              "a kernel takes tensors, lists of tensors, int, double and boolean, not "
                  + argument.getClass().getName());
    };
  }

  /**
   * Runs a method, then adds the gradients of its first result to every tensor that requires one.
   *
   * <p>Gradients accumulate from call to call until they are set to zero.
   *
   * @param scope owns the results
   * @param arguments tensors and non-empty lists of tensors only, in the order of the method: the
   *     call that records gradients takes nothing else
   * @return the method's results, the first a float scalar
   */
  public NDList differentiate(TensorScope scope, String method, Object... arguments) {
    return differentiate(scope, method, null, arguments);
  }

  /**
   * The same of a part of a computation: the gradient that the rest of it has for the first result
   * goes on to the tensors before it.
   *
   * @param gradient of the shape of the first result
   */
  public NDList differentiateOnwards(
      TensorScope scope, String method, NDArray gradient, Object... arguments) {
    return differentiate(scope, method, gradient, arguments);
  }

  private NDList differentiate(
      TensorScope scope, String method, @Nullable NDArray gradient, Object[] arguments) {
    NDList inputs = new NDList();
    NDArray name = scope.manager().create(0f); // its name carries the method, its manager the scope
    name.setName("module_method:" + method);
    inputs.add(name);
    for (int i = 0; i < arguments.length; i++) {
      addInput(inputs, arguments[i], "list" + i + "[]");
    }
    TorchRuntime.interpretKernels();
    JniUtils.setGradMode(true);
    try {
      NDList results = IValueUtils.forward(block, inputs, true);
      PtNDArray target = (PtNDArray) results.get(0);
      try (NDArray one = gradient == null ? target.onesLike() : gradient.duplicate()) {
        JniUtils.backward(target, (PtNDArray) one, false, false);
      }
      return results;
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private static void addInput(NDList inputs, Object argument, String listName) {
    switch (argument) {
      case NDArray tensor -> {
        tensor.setName(null);
        inputs.add(tensor);
      }
      case Collection<?> tensors -> {
        if (tensors.isEmpty()) {
          throw new IllegalArgumentException("a list argument needs at least one tensor");
        }
        for (Object tensor : tensors) {
          ((NDArray) tensor).setName(listName);
          inputs.add((NDArray) tensor);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "a differentiated kernel takes tensors only, not " + argument.getClass().getName());
    }
  }

  /** The accumulated gradients, in the order of {@code parameters}; closed with the scope. */
  public static List<NDArray> gradients(TensorScope scope, List<NDArray> parameters) {
    List<NDArray> gradients = new ArrayList<>(parameters.size());
    for (NDArray parameter : parameters) {
      gradients.add(scope.keep(parameter.getGradient()));
    }
    return gradients;
  }

  @Override
  public void close() {
    model.close();
  }
}
