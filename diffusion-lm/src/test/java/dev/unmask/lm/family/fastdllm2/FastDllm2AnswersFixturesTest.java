package dev.unmask.lm.family.fastdllm2;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.fastdllm2.FastDllm2Model.Compat;
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
    method = "fast-dllm-v2",
    parts = {Part.SAMPLE, Part.LOAD})
class FastDllm2AnswersFixturesTest {
  @TestFactory
  Stream<DynamicTest> answersAsPublished() {
    return RecordedAnswers.of(
        new FastDllm2Family(),
        new RecordedAnswers.Published() {
          @Override
          public DiffusionModel open(ModelDirectory directory, JsonObject arguments) {
            return new FastDllm2Family().open(directory, PrecisionChoice.F32, Compat.PUBLISHED);
          }

          @Override
          public DecodeSettings settings(DiffusionModel model, JsonObject arguments) {
            return new PublishedArguments(arguments).settings(model.defaults());
          }
        });
  }
}
