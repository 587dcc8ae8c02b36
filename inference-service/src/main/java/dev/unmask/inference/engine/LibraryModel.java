package dev.unmask.inference.engine;

import dev.unmask.inference.api.DeploymentPrecision;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.evaluation.Estimator;
import dev.unmask.lm.evaluation.Scorers;
import dev.unmask.lm.evaluation.TextScore;
import dev.unmask.lm.evaluation.TextScorer;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model directory of any family, read by the library. */
final class LibraryModel implements LanguageModel {
  private final DiffusionModel model;
  private final DecodeSettings defaults;
  private final List<Algorithm> algorithms;
  private final Map<Estimator, TextScorer> scorers;

  private LibraryModel(DiffusionModel model) {
    this.model = model;
    this.defaults = model.defaults();
    this.scorers = Scorers.of(model);
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
  public List<Estimator> estimators() {
    return List.copyOf(scorers.keySet());
  }

  @Override
  public int firstScored() {
    return Scorers.first(model);
  }

  @Override
  public TextScore score(Estimator estimator, int[] tokens, int from, int draws, long seed) {
    TextScorer scorer = scorers.get(estimator);
    if (scorer == null) {
      throw new IllegalArgumentException("the model has no estimator " + estimator);
    }
    return scorer.score(tokens, from, draws, seed);
  }

  @Override
  public void close() {
    model.close();
  }
}
