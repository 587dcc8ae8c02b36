package dev.unmask.inference.engine;

import dev.unmask.inference.api.DeploymentPrecision;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.FinishReason;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model directory read by the library. */
final class LibraryModel implements LanguageModel {
  private final Generator generator;
  private final DecodeSettings defaults;

  private LibraryModel(Generator generator) {
    this.generator = generator;
    this.defaults = generator.defaults();
  }

  static LanguageModel open(Path directory, DeploymentPrecision precision) {
    PrecisionChoice choice =
        switch (precision) {
          case AUTO -> PrecisionChoice.AUTO;
          case F32 -> PrecisionChoice.F32;
          case BF16 -> PrecisionChoice.BF16;
        };
    return new LibraryModel(Generator.open(directory, choice));
  }

  @Override
  public int contextLength() {
    return generator.config().contextLength();
  }

  @Override
  public Tokenizer tokenizer() {
    return generator.tokenizer();
  }

  @Override
  public DecodeSettings defaults() {
    return defaults;
  }

  @Override
  public void check(DecodeSettings settings) {
    BackboneConfig config = generator.config();
    boolean blocks = config.layout() == Layout.BLOCK_CAUSAL;
    CacheKind cache = settings.cache();
    boolean suits = cache == CacheKind.NONE || (cache == CacheKind.BLOCK) == blocks;
    if (!suits) {
      String message =
          (blocks
                  ? "must be none or block for a block-causal model"
                  : "must be none, prefix or dual for a full-attention model")
              + ", was "
              + cache.name().toLowerCase(java.util.Locale.ROOT);
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST, "cache " + message, List.of(new FieldFault("cache", message)));
    }
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    return new Running(generator.start(canvas, settings, sequence));
  }

  @Override
  public double score(int[] tokens, int from) {
    return BlockScorer.score(generator, tokens, from).natsPerToken();
  }

  @Override
  public void close() {
    generator.close();
  }

  private record Running(dev.unmask.lm.decoding.Denoising denoising) implements Denoising {
    @Override
    public DenoisingStep step() {
      return denoising.step();
    }

    @Override
    public boolean finished() {
      return denoising.finished();
    }

    @Override
    public Optional<FinishReason> finishReason() {
      return denoising.finishReason();
    }

    @Override
    public int[] tokens() {
      return denoising.tokens();
    }

    @Override
    public int committedPrefix() {
      return denoising.committedPrefix();
    }

    @Override
    public String committedText() {
      return denoising.committedText();
    }

    @Override
    public DecodeReport report() {
      return denoising.report();
    }

    @Override
    public void close() {
      denoising.close();
    }
  }
}
