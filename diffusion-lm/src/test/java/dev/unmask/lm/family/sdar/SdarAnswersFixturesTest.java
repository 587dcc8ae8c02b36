package dev.unmask.lm.family.sdar;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.sdar.SdarModel.Compat;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.RecordedAnswers;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole conversations with the published loop, from messages to text. */
@ReproducesKinds("e2e/generation")
@Covers(
    method = "sdar",
    parts = {Part.SAMPLE, Part.LOAD})
class SdarAnswersFixturesTest {
  @TestFactory
  Stream<DynamicTest> answersAsPublished() {
    return RecordedAnswers.of(
        new SdarFamily(),
        new RecordedAnswers.Published() {
          @Override
          public DiffusionModel open(ModelDirectory directory, JsonObject arguments) {
            return new SdarFamily()
                .open(directory, PrecisionChoice.F32, Compat.PUBLISHED)
                .endingAt(new PublishedArguments(arguments).ends());
          }

          @Override
          public DecodeSettings settings(DiffusionModel model, JsonObject arguments) {
            return new PublishedArguments(arguments).settings(model.defaults());
          }
        });
  }
}
