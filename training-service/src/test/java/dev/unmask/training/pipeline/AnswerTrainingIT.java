package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.chat.ChatMessage;
import dev.unmask.lm.chat.ChatTemplate;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.TrainingRun;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Jobs on prompts and answers, through the whole application; the registry is a fake. */
@ExtendWith(PostgresExtension.class)
class AnswerTrainingIT {
  private static final int STEPS = 800;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ByteTokenizer BYTES = new ByteTokenizer();

  @TempDir Path folder;

  private static String lines() {
    return IntStream.range(0, 60)
        .mapToObj(
            i ->
                i % 2 == 0
                    ? "{\"prompt\": \"a%d?\", \"answer\": \"xyz\"}".formatted(i)
                    : "{\"prompt\": \"bb%d?\", \"answer\": \"uv\"}".formatted(i))
        .collect(Collectors.joining("\n"));
  }

  private static SubmitJob spec(
      List<PhaseSpec> phases, @Nullable String startFrom, @Nullable String corpus) {
    return new SubmitJob(
        corpus == null ? "pairs" : corpus,
        "tuned",
        null,
        startFrom == null ? new TokenizerSpec("byte", null) : null,
        startFrom == null ? new ModelSpec(1, 32, 2, 64, 16) : null,
        phases,
        null,
        4,
        new OptimizerSpec(0.01, 5, "stable-linear", 0.1, 1.0, 0.9),
        "f32",
        null,
        7L,
        25,
        0.1,
        startFrom,
        null);
  }

  private static PhaseSpec phase(String method, @Nullable Double unconditional, int steps) {
    return new PhaseSpec(
        method, null, null, null, null, null, "prompt-answer", unconditional, null, steps);
  }

  private TrainingServer server(TestDatabase database, FakeRegistry registry, String data) {
    return new TrainingServer(database, registry, folder.resolve(data), null, Map.of());
  }

  @Test
  void learnsAnswersEndToEndAndRepeatsEveryLossAfterAStop() throws IOException {
    SubmitJob spec = spec(List.of(phase("smdm", 0.1, STEPS)), null, null);
    Map<Long, Double> expected;
    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server = server(PostgresExtension.freshDatabase(), registry, "whole")) {
      assertThat(server.uploadAnswers("pairs", lines()).kind()).isEqualTo("prompt-answer");
      JobView done = server.awaitStatus(server.submit(spec).id(), JobStatus.COMPLETED);
      assertThat(done.progress().bitsPerByte()).isPositive();
      expected = Map.copyOf(registry.losses());
      assertThat(expected).hasSize(STEPS);
      assertThat(answer(model(registry, "whole-model"), "bb7?")).isEqualTo("uv");
    }

    TestDatabase database = PostgresExtension.freshDatabase();
    try (FakeRegistry registry = new FakeRegistry()) {
      String job;
      try (TrainingServer server = server(database, registry, "stopped")) {
        server.uploadAnswers("pairs", lines());
        job = server.submit(spec).id();
        Await.until(
            "some optimizer steps",
            PATIENCE,
            () -> server.jobs().get(job).progress().optimizerStep() > 0);
        server.jobs().stop(job);
        server.awaitStatus(job, JobStatus.STOPPED);
      }
      try (TrainingServer server = server(database, registry, "stopped")) {
        server.jobs().resume(job);
        server.awaitStatus(job, JobStatus.COMPLETED);
      }
      assertThat(registry.losses()).isEqualTo(expected);
      assertThat(registry.contradictions).isEmpty();
    }
  }

  @Test
  void trainsEveryMethodThatLearnsAnswersOnOneNetwork() {
    try (FakeRegistry registry = new FakeRegistry();
        TrainingServer server = server(PostgresExtension.freshDatabase(), registry, "all")) {
      server.uploadAnswers("pairs", lines());
      SubmitJob all =
          spec(
              List.of(
                  phase("ar", null, 2),
                  phase("llada", 0.2, 2),
                  phase("smdm", null, 2),
                  phase("dream", null, 2),
                  withBlocks("sdar"),
                  withBlocks("fast-dllm-v2")),
              null,
              null);

      JobView done = server.awaitStatus(server.submit(all).id(), JobStatus.COMPLETED);

      assertThat(done.progress().optimizerStep()).isEqualTo(12);
    }
  }

  @Test
  void writesConversationsByTheTemplateOfTheEarlierModelAndHandsItOn() throws IOException {
    JobDirectory files = new JobDirectory(folder.resolve("job"));
    Path corpus = folder.resolve("chats.jsonl");
    Files.writeString(
        corpus,
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"q%d\"},".formatted(i)
                        + " {\"role\": \"assistant\", \"content\": \"yes\"}]}")
            .collect(Collectors.joining("\n")));
    earlierModel(files);
    SubmitJob spec = spec(List.of(phase("llada", null, STEPS)), "models:/earlier/1", "chats");
    LibraryEngine engine = new LibraryEngine(JsonMapper.builder().build());
    files.make(files.prepared(), directory -> engine.prepare(spec, corpus, files, directory));
    try (TrainingSession session = engine.open(spec, List.of(STEPS), files)) {
      while (!session.finished()) {
        session.step();
      }
      files.make(files.model(), session::export);
    }

    ChatTemplate template = ChatTemplate.of(files.model()).orElseThrow();
    String prompt = template.render(List.of(new ChatMessage("user", "q3")), true);
    assertThat(prompt).isEqualTo("q3>");
    assertThat(answer(files.model(), prompt)).isEqualTo("yes!");
  }

  /** A model of text with a chat template, as a job fetches it. */
  private static void earlierModel(JobDirectory files) {
    TrainingMethod ar = Families.method("ar");
    MethodPlan plan =
        new MethodPlan(
            List.of(new MethodPlan.Phase(ar, ar.options().defaults(), 1)),
            new MethodPlan.Start.Fresh(new NetworkSize(BYTES.vocabularySize(), 1, 32, 2, 64, 16)),
            BYTES,
            OptimizerSettings.of(1e-3),
            2,
            1,
            PrecisionChoice.F32);
    PackedSequences text =
        Packer.pack(List.of(BYTES.encode("some text for a row")), 16, BYTES.endOfText());
    try (TrainingRun run = plan.open(text, null)) {
      files.make(files.base(), directory -> run.exportModel(directory, BYTES));
    }
    try {
      Files.writeString(
          files.base().resolve("chat_template.jinja"),
          "{% for m in messages %}{{ m.content }}{{ '>' if m.role == 'user' else '!' }}"
              + "{% endfor %}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PhaseSpec withBlocks(String method) {
    return new PhaseSpec(method, 4, null, null, null, null, "prompt-answer", null, null, 2);
  }

  private Path model(FakeRegistry registry, String name) throws IOException {
    Path model = Files.createDirectories(folder.resolve(name));
    for (var file : registry.artifacts.entrySet()) {
      Files.write(model.resolve(file.getKey().substring("model/".length())), file.getValue());
    }
    return model;
  }

  private static String answer(Path model, String prompt) {
    try (DiffusionModel opened = Families.open(model, PrecisionChoice.F32);
        Denoising answer =
            opened.start(
                Canvas.completion(BYTES.encode(prompt)),
                opened.defaults().withMaxTokens(8).withSampling(0, 1))) {
      answer.finish();
      return BYTES.decode(answer.tokens());
    }
  }
}
