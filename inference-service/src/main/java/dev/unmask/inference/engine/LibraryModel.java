package dev.unmask.inference.engine;

import dev.unmask.inference.api.DeploymentPrecision;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.nio.file.Path;
import java.util.List;

/** A model directory of any family, read by the library. */
final class LibraryModel implements LanguageModel {
  private final DiffusionModel model;
  private final DecodeSettings defaults;
  private final List<Algorithm> algorithms;

  private LibraryModel(DiffusionModel model) {
    this.model = model;
    this.defaults = model.defaults();
    this.algorithms = List.copyOf(model.algorithms());
  }

  static LanguageModel open(Path directory, DeploymentPrecision precision) {
    PrecisionChoice choice =
        switch (precision) {
          case AUTO -> PrecisionChoice.AUTO;
          case F32 -> PrecisionChoice.F32;
          case BF16 -> PrecisionChoice.BF16;
          case INT8 -> PrecisionChoice.INT8;
        };
    return new LibraryModel(Families.open(directory, choice));
  }

  @Override
  public int contextLength() {
    return model.contextLength();
  }

  @Override
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  @Override
  public DecodeSettings defaults() {
    return defaults;
  }

  @Override
  public List<Algorithm> algorithms() {
    return algorithms;
  }

  @Override
  public void check(DecodeSettings settings) {
    try {
      model.check(settings);
    } catch (DecodeSettingException refused) {
      throw RefusedSetting.of(refused);
    }
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    return model.start(canvas, settings, sequence);
  }

  @Override
  public double score(int[] tokens, int from) {
    Generator scored =
        model
            .blockwise()
            .orElseThrow(
                () ->
                    new UnmaskException(
                        ErrorCode.INVALID_REQUEST,
                        "models of this family cannot be scored block by block; deploy one of"
                            + " another family to score texts"));
    return BlockScorer.score(scored, tokens, from).natsPerToken();
  }

  @Override
  public void close() {
    model.close();
  }
}
