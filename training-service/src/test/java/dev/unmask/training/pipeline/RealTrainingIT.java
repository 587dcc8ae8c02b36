package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import dev.unmask.training.FakeRegistry;
import dev.unmask.training.TrainingApplication;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The library's own trainer in the whole application; the registry is a fake. */
@ExtendWith(PostgresExtension.class)
class RealTrainingIT {
  private static final int PHASE_STEPS = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append("public int value")
          .append(i % 7)
          .append("() { return ")
          .append(i)
          .append("; }\n");
      if (i % 10 == 9) {
        text.append('\f');
      }
    }
    return text.toString();
  }

  private static SubmitJob spec(
      TokenizerSpec tokenizer, List<PhaseSpec> phases, @Nullable Double minutes) {
    return spec(tokenizer, phases, minutes, null);
  }

  private static SubmitJob spec(
      TokenizerSpec tokenizer,
      List<PhaseSpec> phases,
      @Nullable Double minutes,
      @Nullable Integer samples) {
    return new SubmitJob(
        "text",
        "tiny",
        null,
        tokenizer,
        new ModelSpec(1, 32, 2, 64, 32),
        phases,
        minutes,
        4,
        new OptimizerSpec(0.01, 5, null, null, null, 0.9),
        "f32",
        null,
        7L,
        40,
        null,
        null,
        null,
        samples);
  }

  private static SubmitJob countedSteps() {
    return countedSteps(null);
  }

  private static SubmitJob countedSteps(@Nullable Integer samples) {
    return spec(
        new TokenizerSpec("byte", null),
        List.of(
            new PhaseSpec("ar", null, null, null, PHASE_STEPS),
            new PhaseSpec("block-diffusion", 4, null, null, PHASE_STEPS)),
        null,
        samples);
  }

  @Test
  void trainsForTheMinutesGivenAndRegistersAModelThatLoads() throws IOException {
    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server =
            new TrainingServer(
                PostgresExtension.freshDatabase(), registry, folder, null, Map.of())) {
      server.upload("text", text());
      JobView job =
          server.submit(
              spec(
                  new TokenizerSpec("bpe", 300),
                  List.of(
                      new PhaseSpec("ar", null, null, 0.6, null),
                      new PhaseSpec("block-diffusion", 4, null, 0.4, null)),
                  0.05));

      JobView done = server.awaitStatus(job.id(), JobStatus.COMPLETED);

      assertThat(registry.losses()).hasSize((int) done.progress().optimizerStep());
      assertThat(done.progress().bitsPerByte()).isBetween(0.01, 8.0);
      List<Double> losses = new ArrayList<>(registry.losses().values());
      assertThat(losses.getLast()).isLessThan(losses.getFirst());
      Path model = Files.createDirectory(folder.resolve("downloaded"));
      for (var file : registry.artifacts.entrySet()) {
        Files.write(model.resolve(file.getKey().substring("model/".length())), file.getValue());
      }
      assertThat(BackboneLoader.config(ModelDirectory.at(model)).layout())
          .isEqualTo(BackboneConfig.Layout.BLOCK_CAUSAL);
      assertThat(Tokenizers.load(model).decode(Tokenizers.load(model).encode("return 1;")))
          .isEqualTo("return 1;");
    }
  }

  @Test
  void repeatsTheLossesOfAnUninterruptedRunAfterAStopAndAfterKillMinusNine() throws Exception {
    Map<Long, Double> expected = uninterrupted();
    TestDatabase database = PostgresExtension.freshDatabase();
    Path data = folder.resolve("interrupted");
    try (FakeRegistry registry = new FakeRegistry()) {
      String job = stopAndResume(database, registry, data);
      killInMidTraining(database, registry, data);
      int before = registry.losses().size();
      try (TrainingServer server = new TrainingServer(database, registry, data, null, Map.of())) {
        server.awaitStatus(job, JobStatus.COMPLETED);
      }

      assertThat(before).isLessThan(2 * PHASE_STEPS);
      assertThat(registry.losses()).isEqualTo(expected);
      assertThat(registry.contradictions).isEmpty();
      assertThat(registry.samples).containsKeys("000300 continued 1", "000300 free 0");
      JsonNode last =
          Objects.requireNonNull(
              registry.histograms.get("validation/loss_by_mask_ratio at 000300"));
      assertThat(last.get("edges")).hasSize(11);
      long tokens = 0;
      for (JsonNode count : last.get("counts")) {
        tokens += count.asLong();
      }
      assertThat(tokens).isPositive();
    }
  }

  /** Draws no samples: those of the interrupted run must not have changed what it learned. */
  private Map<Long, Double> uninterrupted() {
    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server =
            new TrainingServer(
                PostgresExtension.freshDatabase(),
                registry,
                folder.resolve("uninterrupted"),
                null,
                Map.of())) {
      server.upload("text", text());
      server.awaitStatus(server.submit(countedSteps(0)).id(), JobStatus.COMPLETED);
      assertThat(registry.losses()).hasSize(2 * PHASE_STEPS);
      assertThat(registry.samples).isEmpty();
      return Map.copyOf(registry.losses());
    }
  }

  /** Stops the job after some steps, queues it again, and leaves before it gets far. */
  private static String stopAndResume(TestDatabase database, FakeRegistry registry, Path data) {
    try (TrainingServer server = new TrainingServer(database, registry, data, null, Map.of())) {
      server.upload("text", text());
      String job = server.submit(countedSteps()).id();
      Await.until(
          "some optimizer steps",
          PATIENCE,
          () -> {
            JobView view = server.jobs().get(job);
            return view.progress().optimizerStep() > 0 || view.status() == JobStatus.FAILED;
          });
      server.jobs().stop(job);
      JobView stopped = server.awaitStatus(job, JobStatus.STOPPED);
      assertThat(stopped.progress().optimizerStep()).isLessThan(2 * PHASE_STEPS);
      server.bean(JobWorker.class).stop();
      server.jobs().resume(job);
      return job;
    }
  }

  /** A process of its own, because a crash leaves no chance to tidy up. */
  private static void killInMidTraining(TestDatabase database, FakeRegistry registry, Path data)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            TrainingApplication.class.getName()));
    command.addAll(List.of(TrainingServer.arguments(database, registry, data, Map.of())));
    int known = registry.losses().size();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("child.log").toFile())
            .start();
    try {
      Await.until(
          "the child process trains",
          PATIENCE,
          () -> registry.losses().size() > known || !process.isAlive());
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
