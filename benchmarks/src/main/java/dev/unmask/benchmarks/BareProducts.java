package dev.unmask.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration.Product;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The matrix products of a forward pass and nothing else: operands cast or quantised beforehand, a
 * weight of its own for every product. Engine thread only.
 */
final class BareProducts implements AutoCloseable {

  /** PyTorch's code of whole numbers of 8 bits. */
  private static final int INT8 = 1;

  private final TensorScope scope = TensorScope.open();
  private final Kernels kernels = Kernels.load(BareProducts.class);
  private final List<NDArray> inputs = new ArrayList<>();
  private final List<NDArray> weights = new ArrayList<>();
  private final String method;
  private final BackboneConfig config;
  private final Precision precision;
  private final NDArray queries;
  private final List<NDArray> keys = new ArrayList<>();
  private final List<NDArray> values = new ArrayList<>();

  BareProducts(BackboneConfig config, int tokens, Precision precision) {
    method = precision.isWhole() ? "int8_products" : "products";
    List<Product> products = BackboneLoader.products(config, tokens);
    for (int layer = 0; layer < config.layers(); layer++) {
      products.subList(0, products.size() - 1).forEach(product -> add(product, precision));
    }
    add(products.getLast(), precision);
    this.config = config;
    this.precision = precision;
    this.queries = heads(tokens);
  }

  /** {@code [heads, tokens, head width]} in the number type around the products. */
  private NDArray heads(int tokens) {
    int width = config.width() / config.heads();
    try (TensorScope once = scope.child()) {
      NDArray values =
          once.manager()
              .randomNormal(0, 1, new Shape(config.heads(), tokens, width), DataType.FLOAT32);
      return scope.keep(kernels.call(once, "cast", values, precision.scalarType()).get(0));
    }
  }

  private void add(Product product, Precision precision) {
    inputs.add(operand(product.rows(), product.in(), precision));
    weights.add(operand(product.out(), product.in(), precision));
  }

  private NDArray operand(int rows, int columns, Precision precision) {
    try (TensorScope once = scope.child()) {
      NDArray values =
          once.manager().randomUniform(-100, 100, new Shape(rows, columns), DataType.FLOAT32);
      return scope.keep(kernels.call(once, "cast", values, type(precision)).get(0));
    }
  }

  private static int type(Precision precision) {
    return precision.isWhole() ? INT8 : precision.scalarType();
  }

  void run() {
    try (TensorScope once = scope.child()) {
      kernels.call(once, method, inputs, weights);
    }
  }

  /** The two products of every layer's attention over so many keys, without what is between. */
  void attend(int tokens) {
    while (keys.size() < config.layers()) {
      keys.add(heads(tokens));
      values.add(heads(tokens));
    }
    try (TensorScope once = scope.child()) {
      kernels.call(once, "attention_products", queries, keys, values);
    }
  }

  @Override
  public void close() {
    kernels.close();
    scope.close();
  }
}
