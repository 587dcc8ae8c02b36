package dev.unmask.lm.toys;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.TableBackbone;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.testing.SilentTokens;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Families' decoders over networks that are tables, at temperature 1 and without cache. */
public final class TabularModels {
  private TabularModels() {}

  /** Ids of a table's model: its tokens, and the mask behind them. */
  public static SilentTokens tokens(TabularNetwork network) {
    return SilentTokens.of(network.vocabulary());
  }

  /**
   * A backbone whose row i predicts position i.
   *
   * @param blockSize of block-causal attention, 0 for full attention
   */
  public static TableBackbone aligned(TabularNetwork network, int blockSize) {
    return new TableBackbone(
        shape(network, blockSize),
        ids -> Toys.logits(network, Toys.padded(ids, network.length(), network.vocabulary())));
  }

  /** A backbone whose row i predicts position i + 1; position 0 is a token that says nothing. */
  public static TableBackbone shifted(TabularNetwork network, int blockSize) {
    BackboneConfig shape = shape(network, blockSize);
    return new TableBackbone(
        shape.decodingBy(shape.decoding().shifted()),
        ids -> {
          int[] behindFirst = Arrays.copyOfRange(ids, 1, network.length() + 1);
          double[][] rows = Toys.logits(network, behindFirst);
          double[][] all = Arrays.copyOf(rows, ids.length);
          Arrays.fill(all, rows.length, all.length, rows[0]); // predict nothing that is asked for
          return all;
        });
  }

  private static BackboneConfig shape(TabularNetwork network, int blockSize) {
    int context = 2 * network.length() + 2;
    return BackboneConfig.llama(network.vocabulary() + 1, 1, 2, 1, 2, context, blockSize);
  }

  /** A generator over the backbone. */
  public static Generator generator(TableBackbone backbone, TabularNetwork network) {
    return Generator.of(backbone, tokens(network));
  }

  /** Settings that fill all positions of the table. */
  public static DecodeSettings settings(
      TabularNetwork network, int blockSize, DecodingPolicy policy) {
    return new DecodeSettings(
        network.length(), blockSize, policy, CacheKind.NONE, 1, 1, 0, List.of());
  }

  /** One start of a decoder. */
  public interface Start {
    /** Begins the sequence of a number. */
    Denoising of(int sequence);
  }

  /** Answers of a model to a prompt, one for each sequence number. */
  public static IntFunction<int[]> answers(
      DiffusionModel model, DecodeSettings settings, int... prompt) {
    return answers(sequence -> model.start(Canvas.completion(prompt), settings, sequence));
  }

  /** As {@link #answers(DiffusionModel, DecodeSettings, int...)} of any decoder. */
  public static IntFunction<int[]> answers(Start start) {
    return sequence -> {
      try (Denoising denoising = start.of(sequence)) {
        denoising.finish();
        return denoising.tokens();
      }
    };
  }
}
