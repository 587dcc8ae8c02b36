package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.training.FakeRegistry;
import dev.unmask.training.TrainingServer;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.ModelSpec;
import dev.unmask.training.api.SubmitJob.OptimizerSpec;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.api.SubmitJob.TokenizerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every method that a job can name, through the whole application; the registry is a fake. */
@ExtendWith(PostgresExtension.class)
class EveryMethodIT {
  private static final int STEPS = 6;

  /** They mask nothing, measure no cross-entropies, or pack several samples into a row. */
  private static final List<String> WITHOUT_MASK_RATIOS = List.of("ar", "sedd", "sdar", "dsm");

  @TempDir Path folder;

  private static SubmitJob spec(String method) {
    return spec(method, new PhaseSpec(method, null, null, null, STEPS));
  }

  private static SubmitJob spec(String name, PhaseSpec phase) {
    return new SubmitJob(
        "text",
        name,
        null,
        new TokenizerSpec("byte", null),
        new ModelSpec(1, 16, 2, 32, 32),
        List.of(phase),
        null,
        4,
        new OptimizerSpec(0.01, 2, null, null, null, 0.5),
        "f32",
        null,
        7L,
        4,
        null,
        null,
        null);
  }

  @Test
  void tellsTheRegistryWhatASearchOfTheClippingFound() {
    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server =
            new TrainingServer(
                PostgresExtension.freshDatabase(), registry, folder, null, Map.of())) {
      server.upload("text", "public int value() { return 7; }\n".repeat(200));
      PhaseSpec searched =
          new PhaseSpec("bd3lm", 4, null, null, null, "search", null, null, null, 102);

      server.awaitStatus(server.submit(spec("searched", searched)).id(), JobStatus.COMPLETED);

      assertThat(registry.metrics.get("train/clip_low")).containsOnlyKeys(101L);
      assertThat(registry.metrics.get("train/clip_high"))
          .hasEntrySatisfying(101L, high -> assertThat(high).isBetween(0.5, 1.0));
      assertThat(registry.metrics.get("train/clip_variance"))
          .hasEntrySatisfying(101L, variance -> assertThat(variance).isPositive());
    }
  }

  @Test
  void trainsAndRegistersAModelOfItsFamily() throws IOException {
    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server =
            new TrainingServer(
                PostgresExtension.freshDatabase(), registry, folder, null, Map.of())) {
      server.upload("text", "public int value() { return 7; }\n".repeat(200));
      for (TrainingMethod method : Families.methods()) {
        registry.artifacts.clear();
        registry.samples.clear();
        registry.histograms.clear();

        JobView done =
            server.awaitStatus(server.submit(spec(method.name())).id(), JobStatus.COMPLETED);

        assertThat(done.progress().optimizerStep()).as(method.name()).isEqualTo(STEPS);
        assertThat(done.progress().bitsPerByte()).as(method.name()).isPositive();
        assertThat(registry.samples.keySet())
            .as(method.name())
            .containsExactly(
                method.name().equals("ar")
                    ? new String[] {"000006 continued 0", "000006 continued 1"}
                    : new String[] {"000006 continued 1", "000006 free 0"});
        assertThat(registry.histograms.isEmpty())
            .as(method.name())
            .isEqualTo(WITHOUT_MASK_RATIOS.contains(method.name()));
        Path model = Files.createDirectory(folder.resolve(method.name()));
        for (var file : registry.artifacts.entrySet()) {
          Files.write(model.resolve(file.getKey().substring("model/".length())), file.getValue());
        }
        assertThat(Families.of(ModelDirectory.at(model).config()).methods())
            .extracting(TrainingMethod::name)
            .contains(method.name());
      }
    }
  }
}
