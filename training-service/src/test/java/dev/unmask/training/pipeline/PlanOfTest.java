package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that start from an earlier model: a plain transformer with a context of 24 tokens. */
class PlanOfTest {
  private static final int CONTEXT = 24;

  @TempDir Path folder;
  private JobDirectory files;

  @BeforeEach
  void write() {
    files = new JobDirectory(folder);
    BackboneConfig plain = BackboneConfig.llama(258, 1, 16, 2, 24, CONTEXT, 4);
    ModelDirectory.write(files.base(), BackboneConfigJson.write(plain), new SafetensorsWriter());
  }

  private static SubmitJob job(PhaseSpec phase) {
    return new SubmitJob(
        "c",
        null,
        null,
        null,
        null,
        List.of(phase),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        "models:/m/1",
        null);
  }

  private JobFailedException fault(PhaseSpec phase) {
    return catchThrowableOfType(
        JobFailedException.class, () -> PlanOf.contextLength(job(phase), files));
  }

  @Test
  void takesTheContextOfTheEarlierModel() {
    PhaseSpec sdar = new PhaseSpec("sdar", 8, null, null, 1);

    assertThat(PlanOf.contextLength(job(sdar), files)).isEqualTo(CONTEXT);
  }

  @Test
  void refusesAnEarlierModelOfAnotherNetwork() {
    JobFailedException fault = fault(new PhaseSpec("mdlm", null, "continuous", null, 1));

    assertThat(fault.code()).isEqualTo("START_MODEL_UNFIT");
    assertThat(fault)
        .hasMessageContaining("method mdlm trains a transformer with noise layers")
        .hasMessageContaining("another kind of network");
    assertThat(
            fault(
                new PhaseSpec(
                    "dsm", null, "noise", "variance-preserving", null, null, null, null, null, 1)))
        .hasMessageContaining("method dsm trains a score network");
  }

  @Test
  void refusesABlockSizeThatDoesNotDivideTheEarlierContext() {
    assertThat(fault(new PhaseSpec("sdar", 16, null, null, 1)))
        .hasMessageContaining("blockSize 16 does not divide the earlier model's context of 24");
  }
}
