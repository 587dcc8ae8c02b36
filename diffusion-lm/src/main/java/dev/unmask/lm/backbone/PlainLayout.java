package dev.unmask.lm.backbone;

import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Norm;
import dev.unmask.lm.backbone.Parameter.Piece;
import dev.unmask.lm.backbone.Parameter.Role;
import dev.unmask.lm.backbone.TensorNames.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A transformer that is not told the noise level: embedding, fourteen weights a layer, final norm
 * gain and bias, head, head bias.
 */
final class PlainLayout implements WeightLayout {
  private final BackboneConfig config;
  private final TensorNames names;
  private final AttentionShape attention;
  private final long width;
  private final List<Parameter> slots = new ArrayList<>();

  PlainLayout(BackboneConfig config) {
    this.config = config;
    this.names = config.names();
    this.attention = config.attention();
    this.width = config.width();
  }

  @Override
  public List<Parameter> slots() {
    slots.clear();
    addAll();
    return List.copyOf(slots);
  }

  private void addAll() {
    long vocabulary = config.vocabularySize();
    long predicted = config.vocabulary().headRows();
    slots.add(Parameter.of(names.embedding(), Role.EMBEDDING, vocabulary, width));
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer(names.layer().formatted(layer));
    }
    addNorm(names.finalNorm());
    slots.add(when(!config.tiedEmbeddings(), matrix(names.head(), Role.MATRIX, predicted, width)));
    slots.add(when(names.headBias(), bias(names.head(), predicted)));
  }

  private void addLayer(String prefix) {
    long inner = config.feedForward();
    long queries = attention.queryWidth();
    boolean gated = config.activation() == Activation.SWIGLU;
    addNorm(prefix + names.attentionNorm());
    slots.add(queryKeyValue(prefix, ".weight", Role.MATRIX, width));
    slots.add(matrix(prefix + names.output(), Role.RESIDUAL_MATRIX, width, queries));
    slots.add(headNorm(prefix + names.queryNorm()));
    slots.add(headNorm(prefix + names.keyNorm()));
    addNorm(prefix + names.feedForwardNorm());
    slots.add(up(prefix, inner));
    slots.add(when(!gated, bias(prefix + names.up().name(), inner)));
    slots.add(matrix(prefix + names.down(), Role.RESIDUAL_MATRIX, width, inner));
    slots.add(when(!gated, bias(prefix + names.down(), width)));
    slots.add(when(attention.inputBias(), queryKeyValue(prefix, ".bias", Role.BIAS)));
    slots.add(when(attention.outputBias(), bias(prefix + names.output(), width)));
  }

  private void addNorm(String name) {
    slots.add(Parameter.of(name + ".weight", Role.GAIN, width));
    slots.add(
        when(config.norm() == Norm.LAYER, Parameter.of(name + ".bias", Role.NORM_BIAS, width)));
  }

  private Parameter headNorm(String name) {
    return when(
        attention.queryKeyNorm(), Parameter.of(name + ".weight", Role.GAIN, attention.headWidth()));
  }

  /**
   * @param columns length of a row, nothing for a bias
   */
  private Parameter queryKeyValue(String prefix, String suffix, Role role, long... columns) {
    long keys = attention.keyWidth();
    RowOrder order = names.grouped() ? RowOrder.grouped(attention) : RowOrder.AS_STORED;
    long[] rows = {attention.queryWidth(), keys, keys};
    return stacked(names.queryKeyValue(), prefix, suffix, role, order, rows, columns);
  }

  private Parameter up(String prefix, long inner) {
    long[] rows = new long[config.activation() == Activation.SWIGLU ? 2 : 1];
    Arrays.fill(rows, inner);
    return stacked(names.up(), prefix, ".weight", Role.MATRIX, RowOrder.AS_STORED, rows, width);
  }

  private static Parameter stacked(
      Stack stack,
      String prefix,
      String suffix,
      Role role,
      RowOrder order,
      long[] rows,
      long... columns) {
    List<Piece> pieces = new ArrayList<>();
    if (stack.stored().size() == 1) {
      long all = Arrays.stream(rows).sum();
      pieces.add(Piece.of(prefix + stack.stored().getFirst() + suffix, shape(all, columns)));
    } else {
      for (int i = 0; i < rows.length; i++) {
        pieces.add(Piece.of(prefix + stack.stored().get(i) + suffix, shape(rows[i], columns)));
      }
    }
    return new Parameter(prefix + stack.name() + suffix, pieces, role, order);
  }

  private static long[] shape(long rows, long... columns) {
    return columns.length == 0 ? new long[] {rows} : new long[] {rows, columns[0]};
  }

  private static Parameter matrix(String name, Role role, long rows, long columns) {
    return Parameter.of(name + ".weight", role, rows, columns);
  }

  private static Parameter bias(String name, long length) {
    return Parameter.of(name + ".bias", Role.BIAS, length);
  }

  private static Parameter when(boolean present, Parameter parameter) {
    return present ? parameter : Parameter.ABSENT;
  }
}
